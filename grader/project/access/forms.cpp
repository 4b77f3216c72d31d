#include <algorithm>

#include "grader/base/text.hpp"
#include "grader/project/access/machine.hpp"

namespace grader::project::access {

using python::Field;
using python::Kind;
using python::Node;
using Type = Abstract::Type;

const Model* Machine::model_of_form(Node definition) const {
  const Node meta = program_.attribute(definition, "Meta");
  if (!meta.is(Kind::class_definition)) return nullptr;
  const Node model = program_.attribute(meta, "model");
  if (!model.is(Kind::assignment)) return nullptr;
  return models_.find(program_.resolve(model.child(Field::right)).name);
}

/// True if the class itself ties what it saves to the requester: an assignment or keyword argument
/// named like the owner whose value mentions a user, or a HiddenField with CurrentUserDefault.
bool Machine::sets_owner(Node definition, const Model& model) const {
  if (model.owner.path.empty()) return false;
  const std::string& owner = model.owner.path.front();
  for (const auto& base : program_.linearised(definition)) {
    if (!base.is_class()) continue;
    for (const Node node : base.definition.child(Field::body).descendants()) {
      const auto mentions_user = [](Node value) {
        return value.text().find("user") != std::string_view::npos ||
               value.text().find("User") != std::string_view::npos;
      };
      if (node.is(Kind::assignment)) {
        const Node left = node.child(Field::left);
        // self.fields['vault'].queryset = Vault.objects.filter(owner=…): only own parents to
        // choose.
        if (left.is(Kind::attribute) && left.child(Field::attribute).text() == "queryset" &&
            left.text().find(owner) != std::string_view::npos &&
            text::contains_any(node.child(Field::right).text(), {"user", "owner", "User"})) {
          return true;
        }
        const bool names_owner =
            (left.is(Kind::attribute) && left.child(Field::attribute).text() == owner) ||
            (left.is(Kind::subscript) &&
             python::string_text(left.child(Field::subscript)) == owner) ||
            (left.is(Kind::identifier) && left.text() == owner);
        if (names_owner && mentions_user(node.child(Field::right)) &&
            !node.child(Field::right).text().starts_with("serializers.PrimaryKey")) {
          return true;
        }
      }
      if (node.is(Kind::keyword_argument) && node.child(Field::name).text() == owner &&
          mentions_user(node.child(Field::value))) {
        return true;
      }
    }
  }
  return false;
}

/// True if a request can choose the owner: it is among the form's fields and not read-only.
bool Machine::exposes_owner(Node definition, const Model& model) const {
  if (model.owner.path.empty()) return false;
  const std::string& owner = model.owner.path.front();
  const Node meta = program_.attribute(definition, "Meta");
  const auto list_of = [&](std::string_view name) {
    const Node node = meta ? program_.attribute(meta, name) : Node();
    return python::evaluate(node.is(Kind::assignment) ? node.child(Field::right) : Node(),
                            &program_);
  };
  const auto has = [&](const python::Value& list) {
    return std::ranges::any_of(list.items, [&](const auto& item) { return item.text == owner; });
  };
  if (has(list_of("read_only_fields")) || has(list_of("exclude"))) return false;
  const python::Value fields = list_of("fields");
  return fields.is_string() ? fields.text == "__all__" : has(fields);
}

namespace {

/// A method of the form or serializer looks at the request and compares what owns the row:
/// `if vault.owner != self.context["request"].user`.
bool compares_owner(Node definition, const Model& model, const python::Program& program) {
  if (model.owner.path.empty()) return false;
  const std::string& owner = model.owner.path.back();
  for (const auto& base : program.linearised(definition)) {
    if (!base.is_class()) continue;
    for (const Node node : base.definition.child(Field::body).descendants()) {
      if (!node.is(Kind::comparison_operator)) continue;
      const Node method = node.enclosing(Kind::function_definition);
      if (!method || method.text().find("request") == std::string_view::npos) continue;
      const auto names_owner = [&](Node part) {
        const auto of = part.child(Field::object).text();
        return part.is(Kind::attribute) && part.child(Field::attribute).text() == owner &&
               of != "self" && of.find("request") == std::string_view::npos;
      };
      for (const Node part : node.children()) {
        if (names_owner(part)) return true;
      }
    }
  }
  return false;
}

}  // namespace

Abstract Machine::make_form(Node definition, Node node, State& state) {
  Abstract form;
  form.type = Type::form;
  form.node = definition;
  const Model* model = model_of_form(definition);
  const auto take_rows = [&](const Abstract& value) {
    if (value.is(Type::rows)) form.rows = value.rows;
    const auto more = carried(value);
    form.holds.insert(more.begin(), more.end());
  };
  for (const Node argument : node.child(Field::arguments).children()) {
    if (argument.is(Kind::comment)) continue;
    const Abstract value = eval(argument, state);
    if (value.is(Type::user) || value.is(Type::request)) form.personal = true;
    const bool is_keyword = argument.is(Kind::keyword_argument);
    const auto name = is_keyword ? argument.child(Field::name).text() : std::string_view();
    if (name == "context") form.personal = true;
    if (name == "many") form.many = argument.child(Field::value).is(Kind::true_);
    if (name == "data" || value.is(Type::input) ||
        (value.is(Type::external) && value.name == "request.POST")) {
      form.bound = true;
    }
    if (value.is(Type::external) && value.name == "request.POST") form.by_post = true;
    if (name == "instance" || name == "initial" || !is_keyword) take_rows(value);
  }
  if (form.rows < 0 && model != nullptr) {
    Rows fresh;
    fresh.model = model;
    fresh.single = true;
    fresh.fresh = true;
    fresh.born = true;
    fresh.trace.push_back({node.location(), "a new " + model->name + " from a form"});
    const bool given =
        !model->owner.path.empty() && request_owners_.contains(model->owner.path.front());
    if (given || sets_owner(definition, *model)) {
      fresh.scoped = true;
    } else if (compares_owner(definition, *model, program_)) {
      fresh.unclear = true;
    } else if (exposes_owner(definition, *model)) {
      fresh.owner_from_request = true;
    }
    form.rows = add_rows(std::move(fresh));
  }
  form.model = model;
  form_classes_[form.rows] = definition;
  reach_by_serializer(form, definition);
  return form;
}

Abstract Machine::form_call(const Abstract& form, std::string_view name, Node node, State& state) {
  if (name == "save" || name == "create" || name == "update") return save_form(form, node, state);
  const Node own_method =
      form.node.is(Kind::class_definition) ? program_.attribute(form.node, name) : Node();
  if (own_method.is(Kind::function_definition) && name != "is_valid") {
    return invoke_call(own_method, node, state);
  }
  return arguments_union(node, state);
}

Abstract Machine::save_form(const Abstract& form, Node node, State& state) {
  bool commit = true;
  Abstract saved;
  saved.type = Type::rows;
  saved.node = node;
  saved.rows = form.rows;
  if (form.rows < 0) {
    arguments_union(node, state);
    return {};
  }
  saved.model = rows(form.rows).model;
  for (const Node argument : node.child(Field::arguments).children()) {
    if (!argument.is(Kind::keyword_argument)) {
      eval(argument, state);
      continue;
    }
    const auto name = argument.child(Field::name).text();
    if (name == "commit") commit = !argument.child(Field::value).is(Kind::false_);
    const Abstract value = eval(argument.child(Field::value), state);
    own(rows_[static_cast<std::size_t>(form.rows)], name, value, state);
  }
  rows_[static_cast<std::size_t>(form.rows)].assigned.insert("*");
  if (!commit || !state.alive) return saved;
  const bool fresh = rows(form.rows).fresh;
  const Location at = node ? node.location() : instance_.definition.location();
  effect(fresh ? Effect::Kind::create : Effect::Kind::update, form.rows, at, state);
  rows_[static_cast<std::size_t>(form.rows)].fresh = false;
  return saved;
}

}  // namespace grader::project::access
