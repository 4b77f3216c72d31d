#include <algorithm>
#include <map>
#include <set>

#include "grader/base/text.hpp"
#include "grader/project/models.hpp"

namespace grader::project {
namespace {

using python::Field;
using python::Kind;
using python::Node;

/// Columns that entries have of their own: only a query of the model itself makes them an owner.
bool is_ambiguous(std::string_view name) {
  return name == "username" || name == "email" || name == "name" || name == "login" ||
         name == "title";
}

bool can_name_a_person(const ModelField& field) {
  return !field.relation && !field.secret &&
         (field.type.ends_with("CharField") || field.type.ends_with("TextField") ||
          field.type.ends_with("EmailField") || field.type.ends_with("IntegerField") ||
          field.type.ends_with("UUIDField"));
}

bool mentions_requester(Node value) {
  return text::contains_any(value.text(), {"request.user", "request.session", "session["});
}

/// request.user and what is made of it, also under the name of a variable of the same function.
bool is_requester(Node value) {
  value = python::unwrapped(value);
  if (mentions_requester(value)) return true;
  if (value.is(Kind::call)) value = python::unwrapped(python::positional(value, 0));
  if (value.is(Kind::attribute)) value = value.child(Field::object);
  if (!value.is(Kind::identifier)) return false;
  const Node function = value.enclosing(Kind::function_definition);
  for (const Node node : function.descendants()) {
    if (node.is(Kind::assignment) && node.child(Field::left).text() == value.text()) {
      return mentions_requester(node.child(Field::right));
    }
  }
  return false;
}

class Finder {
 public:
  Finder(Models& models, const python::Program& program) : models_(models), program_(program) {
    for (std::size_t i = 0; i < models.all.size(); ++i) {
      if (models.all[i].owner.kind != Owner::Kind::none || models.all[i].is_user) continue;
      for (const auto& field : models.all[i].fields) {
        if (can_name_a_person(field)) fields_[field.name].push_back(i);
      }
    }
  }

  void run() {
    if (fields_.empty()) return;
    find_accounts();
    for (const auto& module : program_.modules()) {
      if (module.text().find("request.") == std::string_view::npos) continue;
      for (const Node node : module.root().descendants()) {
        if (node.is(Kind::keyword_argument)) read_argument(node);
      }
    }
  }

 private:
  /// Account.objects.get(email=request.session['email']), where rows of other models point to
  /// accounts: a hand-made user model, whose rows are people.
  void find_accounts() {
    std::set<std::string> targets;
    for (const auto& model : models_.all) {
      for (const auto& field : model.fields) {
        if (field.relation) targets.insert(field.target);
      }
    }
    for (auto& model : models_.all) {
      if (targets.contains(model.qualified) && names_people(model)) make_account(model);
    }
    for (const auto& module : program_.modules()) {
      if (module.text().find("session") == std::string_view::npos) continue;
      for (const Node node : module.root().descendants()) {
        if (!node.is(Kind::keyword_argument)) continue;
        const auto value = node.child(Field::value).text();
        if (!text::contains_any(value, {"request.session", "session["})) continue;
        const auto found = models_.by_name.find(model_of(node.enclosing(Kind::call)));
        if (found == models_.by_name.end() || !targets.contains(found->first)) continue;
        make_account(models_.all[found->second]);
      }
    }
  }

  /// A User class of the submission's own that Django does not know as one.
  static bool names_people(const Model& model) {
    const std::string name = text::lower(model.name);
    const bool people = name == "user" || name == "users" || name == "customuser" ||
                        name == "appuser" || name == "myuser";
    const bool reached = model.field("email") != nullptr || model.field("username") != nullptr;
    return people && reached && model.field("password") != nullptr;
  }

  void make_account(Model& account) {
    if (account.is_user || account.owner.kind != Owner::Kind::none) return;
    account.is_user = true;
    for (auto& model : models_.all) {
      if (model.owner.kind != Owner::Kind::none || &model == &account) continue;
      for (const auto& field : model.fields) {
        if (field.relation && field.target == account.qualified) {
          model.owner = {Owner::Kind::direct, {field.name}};
        }
      }
    }
  }

  void read_argument(Node argument) {
    const auto found = fields_.find(argument.child(Field::name).text());
    if (found == fields_.end() || !is_requester(argument.child(Field::value))) return;
    const Node call = argument.enclosing(Kind::call);
    const std::string named = model_of(call);
    const bool saves = python::dotted(python::callee(call)).ends_with(".save");
    for (const std::size_t index : found->second) {
      Model& model = models_.all[index];
      if (model.is_user) continue;
      const bool own = model.qualified == named;
      const bool by_form = named.empty() && saves && !is_ambiguous(found->first);
      if (model.owner.kind == Owner::Kind::none && (own || by_form)) {
        model.owner = {Owner::Kind::text, {found->first}};
      }
    }
  }

  /// The model that Entry(…), Entry.objects.filter(…) or get_object_or_404(Entry, …) is about.
  std::string model_of(Node call) const {
    for (Node at = python::callee(call); at; at = at.child(Field::object)) {
      const Node name = at.is(Kind::call) ? python::callee(at) : at;
      const python::Symbol symbol = program_.resolve(name);
      if (models_.find(symbol.name) != nullptr) return symbol.name;
      if (at.is(Kind::call)) at = name;
    }
    const python::Symbol first = program_.resolve(python::positional(call, 0));
    return models_.find(first.name) != nullptr ? first.name : std::string();
  }

  Models& models_;
  const python::Program& program_;
  std::map<std::string, std::vector<std::size_t>, std::less<>> fields_;
};

}  // namespace

void find_text_owners(Models& models, const python::Program& program) {
  Finder(models, program).run();
}

}  // namespace grader::project
