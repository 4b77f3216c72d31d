#include <algorithm>

#include "grader/base/interrupt.hpp"
#include "grader/base/text.hpp"
#include "grader/project/flow/machine.hpp"

namespace grader::project::flow {

using python::Field;
using python::Kind;
using python::Node;
using python::Symbol;

namespace {

constexpr int all_steps = 600'000;
constexpr int steps_of_a_root = 20'000;

/// Code that does not run for a user: tests, migrations, settings.
bool is_left_out(std::string_view path) {
  const std::string lowered = "/" + text::lower(path);
  return text::contains_any(lowered,
                            {"/migrations/", "/tests/", "/test/", "/tests.py", "/test_", "_test.py",
                             "/conftest.py", "/factories.py", "/setup.py", "/manage.py", "/docs/"});
}

class Roots {
 public:
  Roots(const Project& project, Machine& machine) : project_(project), machine_(machine) {}

  void run() {
    machine_.rehearse([&] {
      for (const Node function : machine_.rebinding()) rebinding(function);
    });
    for (const auto& module : project_.program.modules()) {
      if (is_left_out(module.path())) continue;
      for (const Node statement : module.root().children()) top_level(statement);
    }
    for (const auto& module : project_.program.modules()) admin_of(module);
    context_processors();
  }

 private:
  /// Runs a function for what it puts into names of modules.
  void rebinding(Node function) {
    if (is_left_out(function.location().path)) return;
    const Node owner = function.enclosing(Kind::class_definition);
    if (owner) {
      method(owner, function, machine_.role(owner));
    } else {
      machine_.run(function, {}, {}, "function");
    }
  }

  void top_level(Node statement) {
    const Node definition = python::undecorated(statement);
    if (definition.is(Kind::function_definition)) {
      machine_.run(definition, {}, {}, "function");
    } else if (definition.is(Kind::class_definition)) {
      class_root(definition);
    } else if (statement.is(Kind::if_statement) || statement.is(Kind::try_statement)) {
      for (const Node inner : statement.descendants()) {
        if (inner.is(Kind::function_definition) && inner.parent().parent() == statement) {
          machine_.run(inner, {}, {}, "function");
        }
      }
    }
  }

  void class_root(Node definition) {
    const ClassRole role = machine_.role(definition);
    for (const Node statement : definition.child(Field::body).children()) {
      const Node function = python::undecorated(statement);
      if (function.is(Kind::function_definition)) method(definition, function, role);
    }
    if (role == ClassRole::view) inherited_posts(definition);
  }

  /// Runs one method on an object of its class.
  void method(Node definition, Node function, ClassRole role) {
    const auto name = python::definition_name(function);
    if (name == "__init__" || name == "__str__" || name == "__repr__") return;
    machine_.run_steps(function, by(role), [&](State& state) {
      const Ref self = object_of(definition, role, state);
      Arguments given;
      if (role == ClassRole::view) add_view_arguments(self, function, given, state);
      machine_.call_method(self, name, given, function, state);
    });
  }

  static std::string by(ClassRole role) {
    switch (role) {
      case ClassRole::model:
        return "model";
      case ClassRole::form:
        return "form";
      case ClassRole::serializer:
        return "serializer";
      case ClassRole::view:
        return "view";
      case ClassRole::admin:
        return "admin";
      default:
        return "function";
    }
  }

  Ref object_of(Node definition, ClassRole role, State& state) {
    if (role == ClassRole::view || role == ClassRole::admin) {
      return machine_.new_view(definition, state);
    }
    if (role == ClassRole::model) {
      return machine_.new_row(*machine_.model_of(definition), true, definition, state);
    }
    const Symbol symbol = project_.program.linearised(definition).front();
    Arguments given;
    if (role == ClassRole::form || role == ClassRole::serializer) {
      given.named = {{"data", input(Source::typed, "", definition)}};
    }
    return machine_.instantiate(type_of(symbol.name, definition), given, definition, state);
  }

  /// form and serializer of form_valid() and perform_create() are made as Django makes them.
  void add_view_arguments(const Ref& self, Node function, Arguments& given, State& state) {
    for (const Node parameter : function.child(Field::parameters).children()) {
      const auto name = parameter.text();
      if (name == "form") {
        given.named.emplace_back("form",
                                 machine_.call_method(self, "get_form", {}, function, state));
      } else if (name == "serializer") {
        Arguments inner;
        inner.named = {{"data", input(Source::typed, "", function)}};
        if (python::definition_name(function) == "perform_update") {
          inner.positional = {machine_.call_method(self, "get_object", {}, function, state)};
        }
        given.named.emplace_back(
            "serializer", machine_.call_method(self, "get_serializer", inner, function, state));
      }
    }
  }

  /// Functions that TEMPLATES names: what they give stands in every page.
  void context_processors() {
    const SettingsModule* settings = project_.main_settings();
    const Setting* templates = settings == nullptr ? nullptr : settings->find("TEMPLATES");
    if (templates == nullptr) return;
    for (const Node node : templates->node.descendants()) {
      if (!node.is(Kind::string)) continue;
      const Symbol symbol = project_.program.lookup(python::string_text(node));
      if (!symbol.is_function()) continue;
      machine_.run_steps(symbol.definition, "function", [&](State& state) {
        Arguments given;
        given.positional = {machine_.request(symbol.definition)};
        Value function;
        function.kind = Value::Kind::callable;
        function.definition = symbol.definition;
        const Ref context = machine_.invoke(function, given, symbol.definition, state);
        machine_.record_context({}, context, symbol.definition, state);
      });
    }
  }

  /// What a view does by the methods that it has from Django.
  void inherited_posts(Node definition) {
    const auto run = [&](std::string_view name) {
      machine_.run_steps(definition, "view", [&](State& state) {
        const Ref self = machine_.new_view(definition, state);
        machine_.call_method(self, name, {}, definition, state);
      });
    };
    const auto has = [&](std::string_view text) { return machine_.derives_from(definition, text); };
    if (has("CreateView") || has("UpdateView") || has("FormView")) run("post");
    if (has("django.views.generic") && adds_context(definition)) {
      machine_.run_steps(definition, "view", [&](State& state) {
        machine_.record_page(machine_.new_view(definition, state), definition, state);
      });
    }
    const bool rest = has("rest_framework");
    if (rest && (has("Create") || has("ModelViewSet"))) run("create");
    if (rest && (has("Update") || has("ModelViewSet"))) run("update");
  }

  bool adds_context(Node definition) const {
    return static_cast<bool>(project_.program.attribute(definition, "get_context_data")) ||
           static_cast<bool>(project_.program.attribute(definition, "extra_context"));
  }

  /// admin.site.register(Entry), @admin.register(Entry)
  void admin_of(const python::Module& module) {
    if (is_left_out(module.path()) || project_.models.entry_model() == nullptr) return;
    for (const Node node : module.root().descendants()) {
      if (!node.is(Kind::call)) continue;
      const auto called = project_.program.resolve(python::callee(node)).name;
      const bool decorator = node.field() != Field::nothing || node.parent().is(Kind::decorator);
      if (!called.ends_with("admin.site.register") && !called.ends_with("admin.register") &&
          !called.ends_with("site.register")) {
        continue;
      }
      if (!registers_entry(node)) continue;
      Node admin;
      if (decorator && node.parent().is(Kind::decorator)) {
        admin = python::undecorated(node.parent().parent());
      } else {
        admin = project_.program.resolve(python::argument(node, "admin_class", 1)).definition;
      }
      admin_saves(admin.is(Kind::class_definition) ? admin : Node(), admin ? admin : node);
    }
  }

  bool registers_entry(Node call) const {
    const Model* entry = project_.models.entry_model();
    for (const Node argument : call.child(Field::arguments).descendants()) {
      if (!argument.is(Kind::identifier) && !argument.is(Kind::attribute)) continue;
      if (project_.program.resolve(argument).definition == entry->definition) return true;
    }
    return false;
  }

  bool admin_shows_secret(Node admin) {
    const auto names = [&](std::string_view attribute) {
      const Node own = admin ? project_.program.attribute(admin, attribute) : Node();
      std::string text;
      if (own.is(Kind::assignment)) text = own.child(Field::right).text();
      return text;
    };
    const std::string quoted = "\"" + project_.models.secret_field + "\"";
    const auto holds = [&](std::string text) {
      return text::replace_all(std::move(text), "'", "\"").find(quoted) != std::string::npos;
    };
    if (holds(names("exclude")) || holds(names("readonly_fields"))) return false;
    for (const auto* list : {"fields", "fieldsets"}) {
      const std::string text = names(list);
      if (!text.empty() && !holds(text)) return false;
    }
    return !refuses(admin, "has_add_permission") || !refuses(admin, "has_change_permission");
  }

  /// A method whose body is `return False`.
  bool refuses(Node admin, std::string_view name) const {
    const Node own = admin ? project_.program.attribute(admin, name) : Node();
    if (!own.is(Kind::function_definition)) return false;
    const auto body = python::statements(own.child(Field::body));
    return !body.empty() && body.back().text() == "return False";
  }

  void admin_saves(Node admin, Node place) {
    const ModelField* field = project_.models.entry_model()->field(project_.models.secret_field);
    if (field != nullptr &&
        (field->type.ends_with("BinaryField") ||
         python::evaluate(python::keyword(field->call, "editable"), nullptr).is_false())) {
      return;
    }
    if (!admin_shows_secret(admin)) return;
    machine_.run_steps(place, "admin", [&](State& state) {
      const Model& entry = *project_.models.entry_model();
      Ref row = machine_.new_row(entry, false, place, state);
      machine_.set_attribute(row, project_.models.secret_field,
                             input(Source::typed, project_.models.secret_field, place), place,
                             state);
      const Node form = admin ? form_of(admin) : Node();
      Ref form_object = external("a form", place);
      if (form) {
        Arguments given;
        given.positional = {input(Source::typed, "", place)};
        given.named = {{"instance", row}};
        form_object = machine_.instantiate(
            type_of(std::string(python::definition_name(form)), form), given, place, state);
        Arguments commit;
        commit.named = {{"commit", boolean(false)}};
        const Ref saved = machine_.call_method(form_object, "save", commit, place, state);
        if (machine_.object(saved, state) != nullptr) row = saved;
      }
      if (!admin) {
        machine_.save_row(row, place, state);
        return;
      }
      const Ref self = machine_.new_view(admin, state);
      Arguments given;
      given.positional = {machine_.request(place), row, form_object,
                          input(Source::other, "change", place)};
      machine_.call_method(self, "save_model", given, place, state);
    });
  }

  Node form_of(Node admin) const {
    const Node own = project_.program.attribute(admin, "form");
    if (!own.is(Kind::assignment)) return {};
    const Node form = project_.program.resolve(own.child(Field::right)).definition;
    return form.is(Kind::class_definition) ? form : Node();
  }

  const Project& project_;
  Machine& machine_;
};

}  // namespace

Machine::Machine(const Project& project) : project_(project), total_left_(all_steps) {
  find_rebindings();
  // @receiver(pre_save, sender=Entry) and pre_save.connect(function, sender=Entry)
  for (const auto& module : program().modules()) {
    for (const Node node : module.root().descendants()) {
      if (!node.is(Kind::call)) continue;
      const auto text = python::callee(node).text();
      const bool decorator = text.ends_with("receiver");
      if (!decorator && !text.ends_with("pre_save.connect")) continue;
      if (decorator && python::positional(node, 0).text().find("pre_save") == std::string::npos) {
        continue;
      }
      const Node sender = program().resolve(python::keyword(node, "sender")).definition;
      const Model* model = model_of(sender);
      Node function = decorator ? python::undecorated(node.parent().parent())
                                : program().resolve(python::positional(node, 0)).definition;
      if (model != nullptr && function.is(Kind::function_definition)) {
        receivers_.emplace(model->qualified, function);
      }
    }
  }
}

void Machine::begin(Node place, std::string by) {
  root_ = place;
  by_ = std::move(by);
  steps_left_ = interrupt::requested() ? 0 : steps_of_a_root;
  frames_.clear();
  frames_.emplace_back();
  loops_.clear();
}

void Machine::end(State state) {
  for (const auto& [id, writes] : state.writes) {
    for (const auto& write : writes) {
      if (!state.superseded.contains(write.saved)) flow_.writes.push_back({write, root_, by_});
    }
  }
  if (steps_left_ <= 0) flow_.gaps.push_back(to_string(root_.location()));
}

void Machine::run(Node function, const Arguments& given, State state, std::string by) {
  begin(function, std::move(by));
  Value value;
  value.kind = Value::Kind::callable;
  value.definition = function;
  invoke(value, given, function, state);
  end(std::move(state));
}

Flow Machine::take() { return std::move(flow_); }

Flow follow(const Project& project) {
  Machine machine(project);
  Roots(project, machine).run();
  return machine.take();
}

}  // namespace grader::project::flow
