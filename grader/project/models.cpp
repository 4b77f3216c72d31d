#include "grader/project/models.hpp"

#include <algorithm>
#include <array>
#include <set>

#include "grader/base/text.hpp"
#include "grader/project/secret_names.hpp"

namespace grader::project {
namespace {

using python::Field;
using python::Kind;
using python::Node;
using python::Program;
using python::Symbol;

constexpr std::array user_bases{
    std::string_view("django.contrib.auth.models.AbstractUser"),
    std::string_view("django.contrib.auth.models.AbstractBaseUser"),
    std::string_view("django.contrib.auth.models.User"),
    std::string_view("django.contrib.auth.base_user.AbstractBaseUser"),
};

bool is_user_base(std::string_view name) {
  return std::ranges::find(user_bases, name) != user_bases.end();
}

/// Model classes of Django and of packages that derive from it end so.
bool is_model_base(std::string_view name) {
  return name.ends_with("models.Model") || name.ends_with(".Model") || is_user_base(name) ||
         name == "django.contrib.auth.models.PermissionsMixin" ||
         name == "django.contrib.auth.models.Group";
}

bool is_relation(std::string_view type) {
  return type.ends_with("ForeignKey") || type.ends_with("OneToOneField") ||
         type.ends_with("ManyToManyField");
}

bool is_field_class(const Symbol& symbol, const Program& program) {
  const auto looks_so = [](std::string_view name) {
    return name.ends_with("Field") || is_relation(name) || name.ends_with("ForeignObject");
  };
  if (!symbol.is_class()) return looks_so(symbol.name);
  return std::ranges::any_of(program.linearised(symbol.definition), [&](const Symbol& base) {
    return !base.is_class() && looks_so(base.name);
  });
}

/// Field classes that encrypt by themselves: django-cryptography, django-fernet-fields(-v2),
/// django-encrypted-model-fields, django-searchable-encrypted-fields, django-pgcrypto-fields.
bool encrypts_by_itself(std::string_view name) {
  return text::contains_any(
      name, {"Encrypted", "encrypted_fields", "fernet_fields", "django_cryptography", "pgcrypto"});
}

/// Packages whose field classes are known to keep what they are given.
bool keeps_as_given(std::string_view name) {
  constexpr std::array packages{"django.",
                                "djongo.",
                                "mongoengine.",
                                "autoslug.",
                                "ckeditor.",
                                "django_ckeditor_5.",
                                "django_countries",
                                "django_extensions.",
                                "django_mysql.",
                                "djmoney.",
                                "jsonfield.",
                                "model_utils.",
                                "phonenumber_field.",
                                "tinymce.",
                                "taggit."};
  return std::ranges::any_of(packages,
                             [&](std::string_view package) { return name.starts_with(package); });
}

class Reader {
 public:
  Reader(const Program& program, std::string_view auth_user_model) : program_(program) {
    find_classes();
    index_names();
    find_user_model(auth_user_model);
    for (auto& model : models_.all) read_fields(model);
    for (auto& model : models_.all) model.is_user = model.is_user || is_profile(model);
    for (auto& model : models_.all) mark_secrets(model);
    find_owners();
  }

  Models take() { return std::move(models_); }

 private:
  void find_classes() {
    for (const auto& module : program_.modules()) {
      for (const Node node : module.root().descendants()) {
        if (!node.is(Kind::class_definition)) continue;
        if (node.enclosing(Kind::function_definition)) continue;
        add_class(module, node);
      }
    }
  }

  void add_class(const python::Module& module, Node node) {
    const auto line = program_.linearised(node);
    const bool model = std::any_of(line.begin() + 1, line.end(), [](const Symbol& base) {
      return !base.definition && is_model_base(base.name);
    });
    if (!model) return;
    // A later definition of the same name in a module replaces the former.
    const std::string qualified = line.front().name;
    if (program_.lookup(qualified).definition != node) return;
    Model result;
    result.name = python::definition_name(node);
    result.qualified = qualified;
    const std::string& module_name = program_.name_of(module);
    const auto models_part = module_name.rfind(".models");
    result.app = models_part == std::string::npos ? folder_package(module_name)
                                                  : module_name.substr(0, models_part);
    result.at = node.location();
    result.at.end_line = 0;
    result.definition = node;
    result.abstract = is_abstract(node);
    result.is_user = derives_from_user(node);
    models_.all.push_back(std::move(result));
  }

  static std::string folder_package(const std::string& module_name) {
    const auto dot = module_name.rfind('.');
    return dot == std::string::npos ? module_name : module_name.substr(0, dot);
  }

  bool is_abstract(Node node) const {
    const Node meta = python::own_attribute(node, "Meta");
    const Node abstract = meta ? python::own_attribute(meta, "abstract") : Node();
    return abstract && python::evaluate(abstract.child(Field::right), &program_).is_true();
  }

  void find_user_model(std::string_view auth_user_model) {
    const auto dot = auth_user_model.rfind('.');
    if (dot == std::string_view::npos) return;
    const auto app = auth_user_model.substr(0, dot);
    const auto name = auth_user_model.substr(dot + 1);
    for (auto& model : models_.all) {
      const bool in_app = model.app == app || model.app.ends_with("." + std::string(app));
      if (model.name != name || !in_app) continue;
      models_.user_model = model.qualified;
      model.is_user = true;
    }
  }

  void read_fields(Model& model) {
    const auto line = program_.linearised(model.definition);
    std::set<std::string, std::less<>> seen;
    std::vector<ModelField> fields;
    for (const Symbol& symbol : line) {
      if (!symbol.is_class()) continue;
      std::vector<ModelField> own = own_fields(symbol.definition);
      std::erase_if(own, [&](const ModelField& field) { return !seen.insert(field.name).second; });
      fields.insert(fields.begin(), std::make_move_iterator(own.begin()),
                    std::make_move_iterator(own.end()));
    }
    model.fields = std::move(fields);
  }

  std::vector<ModelField> own_fields(Node class_definition) const {
    std::vector<ModelField> fields;
    for (const Node statement : class_definition.child(Field::body).children()) {
      if (!statement.is(Kind::expression_statement)) continue;
      const Node assignment = statement.child(Kind::assignment);
      const Node call = assignment ? assignment.child(Field::right) : Node();
      if (!call.is(Kind::call) || !assignment.child(Field::left).is(Kind::identifier)) continue;
      if (auto field = field_of(assignment, call)) fields.push_back(std::move(*field));
    }
    return fields;
  }

  std::optional<ModelField> field_of(Node assignment, Node call) const {
    const Symbol type = program_.resolve(python::callee(call));
    ModelField field;
    field.name = assignment.child(Field::left).text();
    field.at = assignment.location();
    field.call = call;
    field.type = type.name;
    if (!type || !is_field_class(type, program_)) {
      // encrypt(models.CharField(…)) of django-cryptography.
      const Node inner = python::positional(call, 0);
      if (!inner.is(Kind::call) ||
          !is_field_class(program_.resolve(python::callee(inner)), program_)) {
        return std::nullopt;
      }
      field.type = program_.resolve(python::callee(inner)).name;
      field.encrypted_type = encrypts_by_itself(type.name);
      field.call = inner;
      return field;
    }
    field.encrypted_type = field_encrypts(type);
    field.foreign_type = is_foreign(type);
    if (is_relation(type.name)) {
      field.relation = true;
      field.target = target_of(python::argument(call, "to", 0), assignment);
    }
    return field;
  }

  bool field_encrypts(const Symbol& type) const {
    if (!type.is_class()) return encrypts_by_itself(type.name);
    return std::ranges::any_of(program_.linearised(type.definition), [](const Symbol& base) {
      return !base.is_class() && encrypts_by_itself(base.name);
    });
  }

  bool is_foreign(const Symbol& type) const {
    if (!type.is_class()) return !keeps_as_given(type.name);
    const auto line = program_.linearised(type.definition);
    return std::ranges::any_of(line, [](const Symbol& base) {
      return !base.is_class() && base.name.ends_with("Field") && !keeps_as_given(base.name);
    });
  }

  std::string target_of(Node argument, Node assignment) const {
    const python::Value value = python::evaluate(argument, &program_);
    if (value.is_string()) return target_named(value.text, assignment);
    if (names_the_user_model(argument, program_)) return models_.user_model;
    return program_.resolve(argument).name;
  }

  std::string target_named(const std::string& name, Node assignment) const {
    const Node own = assignment.enclosing(Kind::class_definition);
    if (name == "self") return program_.linearised(own).front().name;
    const auto dot = name.rfind('.');
    const auto last = dot == std::string::npos ? name : name.substr(dot + 1);
    if (name == "auth.User") return "django.contrib.auth.models.User";
    if (dot != std::string::npos) {
      const std::string label(last_name(std::string_view(name).substr(0, dot)));
      const auto found = by_label_.find({label, last});
      if (found != by_label_.end()) return models_.all[found->second].qualified;
    }
    for (const auto& path : {assignment.location().path, std::string()}) {
      const auto found = by_path_.find({path, last});
      if (found != by_path_.end()) return models_.all[found->second].qualified;
    }
    return last == "User" ? models_.user_model : name;
  }

  static std::string_view last_name(std::string_view dotted) {
    const auto dot = dotted.rfind('.');
    return dot == dotted.npos ? dotted : dotted.substr(dot + 1);
  }

  /// Class names under the label of their app, and under their file (the first also under "").
  void index_names() {
    models_.index();
    for (std::size_t i = 0; i < models_.all.size(); ++i) {
      const Model& model = models_.all[i];
      by_label_.insert_or_assign({std::string(last_name(model.app)), model.name}, i);
      by_path_.insert_or_assign({model.at.path, model.name}, i);
      by_path_.try_emplace({std::string(), model.name}, i);
    }
  }

  bool is_user_name(std::string_view qualified) const {
    if (qualified == models_.user_model || qualified == "django.contrib.auth.models.User") {
      return true;
    }
    const Model* model = models_.find(qualified);
    return model != nullptr && derives_from_user(model->definition);
  }

  bool derives_from_user(Node definition) const {
    return std::ranges::any_of(program_.linearised(definition), [](const Symbol& base) {
      return !base.is_class() && is_user_base(base.name);
    });
  }

  bool is_profile(const Model& model) const {
    return std::ranges::any_of(model.fields, [&](const ModelField& field) {
      return field.type.ends_with("OneToOneField") && is_user_name(field.target);
    });
  }

  static void mark_secrets(Model& model) {
    for (auto& field : model.fields) field.secret = secret_score(field) > 0;
  }

  void find_owners() {
    for (auto& model : models_.all) set_direct_owner(model);
    // Paths through other models: one hop more a round, until nothing changes.
    for (std::size_t round = 0; round < 6; ++round) {
      for (auto& model : models_.all) {
        if (model.owner.kind == Owner::Kind::none) set_transitive_owner(model);
      }
    }
    for (auto& model : models_.all) {
      if (model.owner.kind == Owner::Kind::none) set_text_owner(model);
    }
  }

  void set_direct_owner(Model& model) {
    int best = 0;
    for (const auto& field : model.fields) {
      if (!field.relation || !is_user_name(field.target)) continue;
      const int score = owner_score(field);
      if (score <= best) continue;
      best = score;
      model.owner = {Owner::Kind::direct, {field.name}};
    }
  }

  static int owner_score(const ModelField& field) {
    const std::string name = text::lower(field.name);
    int score = field.type.ends_with("ManyToManyField") ? 1 : 10;
    if (text::contains_any(name, {"user", "owner", "author", "created", "utilisateur", "usuario",
                                  "proprietaire", "dono"})) {
      score += 5;
    }
    if (name == "user" || name == "owner") score += 2;
    if (text::contains_any(name, {"share", "recipient", "receiver", "approved", "updated",
                                  "deleted", "modified"})) {
      score -= 8;
    }
    return score;
  }

  void set_transitive_owner(Model& model) {
    for (const auto& field : model.fields) {
      if (!field.relation || field.type.ends_with("ManyToManyField")) continue;
      const Model* target = models_.find(field.target);
      if (target == nullptr || target == &model || target->owner.kind == Owner::Kind::none ||
          target->owner.kind == Owner::Kind::text) {
        continue;
      }
      std::vector<std::string> path{field.name};
      path.insert(path.end(), target->owner.path.begin(), target->owner.path.end());
      model.owner = {Owner::Kind::transitive, std::move(path)};
      return;
    }
  }

  static void set_text_owner(Model& model) {
    for (const auto& field : model.fields) {
      const std::string name = text::lower(field.name);
      const bool text_or_number =
          field.type.ends_with("CharField") || field.type.ends_with("TextField") ||
          field.type.ends_with("EmailField") || field.type.ends_with("IntegerField");
      if (!text_or_number) continue;
      if (name == "owner" || name == "user" || name == "user_id" || name == "userid" ||
          name == "created_by" || name == "owner_username" || name == "belongs_to") {
        model.owner = {Owner::Kind::text, {field.name}};
        return;
      }
    }
  }

  const Program& program_;
  Models models_;
  std::map<std::pair<std::string, std::string>, std::size_t> by_label_;
  std::map<std::pair<std::string, std::string>, std::size_t> by_path_;
};

}  // namespace

const ModelField* Model::field(std::string_view field_name) const {
  const auto found = std::ranges::find(fields, field_name, &ModelField::name);
  return found == fields.end() ? nullptr : &*found;
}

const Model* Models::find(std::string_view qualified) const {
  const auto found = by_name.find(qualified);
  return found == by_name.end() ? nullptr : &all[found->second];
}

void Models::index() {
  by_name.clear();
  for (std::size_t i = 0; i < all.size(); ++i) by_name.emplace(all[i].qualified, i);
}

const Model* Models::entry_model() const {
  return entry < 0 ? nullptr : &all[static_cast<std::size_t>(entry)];
}

bool names_the_user_model(Node expression, const Program& program) {
  constexpr int most_names = 8;  // a name may be made of itself
  for (int hops = 0; hops < most_names; ++hops) {
    expression = python::unwrapped(expression);
    if (expression.is(Kind::call)) {
      return program.resolve(python::callee(expression)).name.ends_with("get_user_model");
    }
    const Symbol symbol = program.resolve(expression);
    if (!symbol.definition.is(Kind::assignment)) {
      return symbol.name == "django.contrib.auth.models.User" ||
             symbol.name.ends_with("settings.AUTH_USER_MODEL");
    }
    expression = symbol.definition.child(Field::right);
  }
  return false;
}

Models read_models(const Program& program, std::string_view auth_user_model) {
  Models models = Reader(program, auth_user_model).take();
  find_text_owners(models, program);
  choose_entry(models);
  return models;
}

}  // namespace grader::project
