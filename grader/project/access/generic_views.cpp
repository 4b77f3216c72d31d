#include <algorithm>
#include <array>
#include <utility>

#include "grader/base/text.hpp"
#include "grader/project/access/machine.hpp"

/// What Django's generic views and DRF's views and viewsets do between the submission's own methods
/// (Django: «Built-in class-based generic views»; DRF: «Generic views», «ViewSets»).
namespace grader::project::access {

using python::Field;
using python::Kind;
using python::Node;
using python::Symbol;
using Type = Abstract::Type;

namespace {

Abstract self_value() {
  Abstract value;
  value.type = Type::self;
  return value;
}

Abstract request_value() {
  Abstract value;
  value.type = Type::request;
  return value;
}

/// request for parameters of that name, input for all others.
std::vector<Abstract> handler_arguments(Node function, bool method) {
  std::vector<Abstract> arguments;
  for (const Node parameter : function.child(Field::parameters).children()) {
    Abstract value;
    value.type = Type::input;
    value.name = parameter.text();
    if (method && arguments.empty()) {
      value = self_value();
    } else if (parameter.text().starts_with("request") || arguments.size() == (method ? 1U : 0U)) {
      value = request_value();
    }
    arguments.push_back(value);
  }
  return arguments;
}

bool is_external_view(std::string_view name) {
  return name.ends_with("View") || name.ends_with("ViewSet") || name.ends_with("APIView") ||
         name.ends_with("Wizard");
}

/// True if this class of Django or the REST framework has the method itself, so that a class that
/// stands after it in the resolution order is never asked.
bool supplies(std::string_view base, std::string_view method) {
  const auto dot = base.rfind('.');
  auto name = dot == base.npos ? base : base.substr(dot + 1);
  if (name.starts_with('?')) name.remove_prefix(1);  // through a star import from outside
  const bool edits = name == "CreateView" || name == "UpdateView" || name == "DeleteView";
  const bool shows = name == "ListView" || name == "DetailView";
  const bool generic_api = name.ends_with("APIView") && name != "APIView";
  const bool sets = name.ends_with("ModelViewSet") || name == "GenericViewSet";
  if (method == "get_queryset") return edits || shows || generic_api || sets;
  if (method == "get_object") return edits || name == "DetailView" || generic_api || sets;
  if (method == "get_context_data") return edits || shows || name == "FormView";
  if (method == "form_valid") return edits || name == "FormView";
  return method.starts_with("perform_") && name == "ModelViewSet";
}

}  // namespace

Machine::Machine(const Project& project, const Index& index, std::string method, const Route* route)
    : project_(project),
      index_(index),
      program_(project.program),
      models_(project.models),
      method_(std::move(method)),
      route_(route) {
  frames_.emplace_back();
}

void Machine::run_function(Node function, const std::vector<Node>& decorators) {
  State state = beginning();
  decorated(decorators, 0, state, [&](State& inner) {
    if (is_drf_ && !permissions_given_) default_permissions(inner);
    at_entry_ = inner.known;
    reached_ = true;
    next_answers_ = true;
    return invoke(function, handler_arguments(function, false), {}, inner);
  });
}

void Machine::run_class(Node definition, const std::vector<Node>& decorators, std::string action) {
  instance_.definition = definition;
  instance_.order = program_.linearised(definition);
  instance_.action = std::move(action);
  is_drf_ = has_base("APIView") || has_base("ViewSet") ||
            std::ranges::any_of(instance_.order, [](const Symbol& base) {
              return base.name.starts_with("rest_framework.");
            });
  frame().self = &instance_;
  State state = beginning();
  decorated(decorators, 0, state, [&](State& inner) { return dispatch(0, inner); });
}

bool Machine::has_base(std::string_view ending) const {
  return std::ranges::any_of(instance_.order, [&](const Symbol& base) {
    return !base.is_class() && base.name.ends_with(ending);
  });
}

Abstract Machine::dispatch(std::size_t order, State& state) {
  for (std::size_t i = order; i < instance_.order.size(); ++i) {
    const Symbol& base = instance_.order[i];
    if (base.is_class()) {
      const Node own = python::own_attribute(base.definition, "dispatch");
      if (!own.is(Kind::function_definition)) continue;
      return decorated(python::decorators(own), 0, state, [&, i, own](State& inner) {
        return invoke(own, handler_arguments(own, true), {}, inner, &instance_, i);
      });
    }
    const Location at = instance_.definition.location();
    if (base.name.ends_with("UserPassesTestMixin")) {
      const Node test = program_.attribute(instance_.definition, "test_func");
      if (test.is(Kind::function_definition)) {
        state.known.add(truth_of(test, {self_value()}, state, &instance_, 0).if_true);
        state.known.authenticated = true;
      }
    } else if (text::contains_any(base.name, {"LoginRequired", "PermissionRequiredMixin",
                                              "OTPRequiredMixin", "MultiplePermissionsRequired"})) {
      state.known.authenticated = true;
      state.known.steps.push_back({at, "mixin " + base.name});
    } else if (text::contains_any(base.name, {"SuperuserRequired", "StaffuserRequired"})) {
      state.known.authenticated = true;
      state.known.privileged = true;
      state.known.steps.push_back({at, "mixin " + base.name});
    } else if (is_external_view(base.name)) {
      if (is_drf_) permissions(state);
      const Node initial = program_.attribute(instance_.definition, "initial");
      if (initial.is(Kind::function_definition)) {
        invoke(initial, handler_arguments(initial, true), {}, state, &instance_, 0);
      }
      return handler(state);
    }
  }
  return handler(state);
}

Abstract Machine::handler(State& state) {
  if (!state.alive) return {};
  at_entry_ = state.known;
  reached_ = true;
  std::string name = instance_.action;
  if (name.empty()) name = text::lower(method_);
  const Node own = program_.attribute(instance_.definition, name);
  if (own.is(Kind::function_definition)) {
    answering_ = true;
    return run_method(name, 0, {}, state);
  }
  const Abstract value = builtin(name, {}, state);
  if (state.alive) show(value, instance_.definition.location(), state);
  return {};
}

Abstract Machine::run_method(std::string_view name, std::size_t from, Node node, State& state) {
  for (std::size_t i = from; i < instance_.order.size(); ++i) {
    if (!instance_.order[i].is_class()) {
      if (supplies(instance_.order[i].name, name)) break;
      continue;
    }
    const Node own = python::own_attribute(instance_.order[i].definition, name);
    if (!own.is(Kind::function_definition)) continue;
    std::vector<Abstract> arguments;
    std::map<std::string, Abstract, std::less<>> keywords;
    if (node) {
      arguments.push_back(self_value());
      for (const Node argument : node.child(Field::arguments).children()) {
        if (argument.is(Kind::comment)) continue;
        if (argument.is(Kind::keyword_argument)) {
          keywords[std::string(argument.child(Field::name).text())] =
              eval(argument.child(Field::value), state);
        } else if (!argument.is(Kind::list_splat) && !argument.is(Kind::dictionary_splat)) {
          arguments.push_back(eval(argument, state));
        }
      }
    } else {
      arguments = handler_arguments(own, true);
    }
    const bool answers = std::exchange(answering_, false);
    return decorated(python::decorators(own), 0, state, [&, i, own, answers](State& inner) {
      next_answers_ = answers;
      return invoke(own, arguments, keywords, inner, &instance_, i);
    });
  }
  return builtin(name, node, state);
}

Abstract Machine::call_self(std::string_view name, std::vector<Abstract> arguments, State& state) {
  if (name == "get_object") {
    const auto cached = instance_.fields.find("<object>");
    if (cached != instance_.fields.end()) return cached->second;
  }
  arguments.insert(arguments.begin(), self_value());
  for (std::size_t i = 0; i < instance_.order.size(); ++i) {
    if (!instance_.order[i].is_class()) {
      if (supplies(instance_.order[i].name, name)) break;
      continue;
    }
    const Node own = python::own_attribute(instance_.order[i].definition, name);
    if (!own.is(Kind::function_definition)) continue;
    Abstract value = invoke(own, std::move(arguments), {}, state, &instance_, i);
    if (name == "get_object") instance_.fields["<object>"] = value;
    return value;
  }
  if (name == "get_queryset") return builtin_queryset(state);
  if (name == "get_object") return builtin_get_object({}, state);
  if (name == "form_valid" || name.starts_with("perform_")) {
    if (arguments.size() < 2) return {};
    const Abstract& subject = arguments[1];
    if (subject.is(Type::form)) return save_form(subject, {}, state);
    if (subject.is(Type::rows)) {
      effect(Effect::Kind::remove, subject.rows, instance_.definition.location(), state);
    }
    return {};
  }
  if (name == "get_context_data") return builtin(name, {}, state);
  return rest_action(name, state);
}

Abstract Machine::self_call(std::string_view name, Node node, State& state) {
  if (frame().self == nullptr) return arguments_union(node, state);
  // self.form_class(request.POST), self.serializer_class(entry): a class kept as an attribute.
  const Node kept = program_.attribute(instance_.definition, name);
  const Abstract callee =
      kept.is(Kind::assignment) ? self_attribute(name, kept, state) : Abstract{};
  if (callee.is(Type::class_)) return class_call(callee.node, node, state);
  if (callee.is(Type::model)) return create(*callee.model, node, state, false);
  if (name == "get_object") {
    const auto cached = instance_.fields.find("<object>");
    if (cached != instance_.fields.end()) return cached->second;
    Abstract value = run_method(name, 0, node, state);
    instance_.fields["<object>"] = value;
    return value;
  }
  return run_method(name, 0, node, state);
}

Abstract Machine::super_call(std::size_t order, std::string_view name, Node node, State& state) {
  if (frame().self == nullptr) return arguments_union(node, state);
  if (name == "dispatch") return dispatch(order, state);
  return run_method(name, order, node, state);
}

Abstract Machine::builtin_queryset(State& state) {
  const Node own = program_.attribute(instance_.definition, "queryset");
  if (own.is(Kind::assignment)) {
    State plain;
    plain.known = state.known;
    const Abstract value = eval(own.child(Field::right), plain);
    if (value.is(Type::rows)) return value;
    if (value.is(Type::manager)) return all_rows(*value.model, own.location());
    return value;
  }
  if (const Model* model = view_model(state)) {
    return all_rows(*model, instance_.definition.location());
  }
  return {};
}

/// Without a part of the URL to look by, get_object() of Django and DRF raises.
bool Machine::selects_by_url() const {
  return route_ == nullptr || !route_->parameters.empty() || route_->pattern.empty();
}

const Model* Machine::view_model(State& state) {
  const Node own = program_.attribute(instance_.definition, "model");
  if (own.is(Kind::assignment)) {
    return models_.find(program_.resolve(own.child(Field::right)).name);
  }
  for (const std::string_view name : {"form_class", "serializer_class"}) {
    const Node form = program_.attribute(instance_.definition, name);
    if (!form.is(Kind::assignment)) continue;
    const Symbol symbol = program_.resolve(form.child(Field::right));
    if (symbol.is_class()) return model_of_form(symbol.definition);
  }
  const Node queryset = program_.attribute(instance_.definition, "queryset");
  if (queryset.is(Kind::assignment)) return eval(queryset.child(Field::right), state).model;
  return nullptr;
}

Abstract Machine::builtin_get_object(Node node, State& state) {
  Abstract source = node ? eval(python::argument(node, "queryset", 0), state) : Abstract{};
  if (!source.is(Type::rows)) source = call_self("get_queryset", {}, state);
  if (!source.is(Type::rows)) return source;
  if (is_drf_) source = narrowed_by_backends(source, state);
  if (!selects_by_url()) {
    state.alive = false;
    return {};
  }
  Rows one = rows(source.rows);
  one.single = true;
  one.by_key = true;
  source.rows = add_rows(std::move(one));
  instance_.fields["<object>"] = source;
  instance_.fields["object"] = source;
  if (is_drf_) object_permissions(source, state);
  return source;
}

Abstract Machine::builtin_form(State& state) {
  Abstract form;
  form.type = Type::form;
  form.personal = is_drf_;
  form.bound = true;
  const auto object = instance_.fields.find("<object>");
  Symbol form_class;
  for (const std::string_view name : {"form_class", "serializer_class"}) {
    const Node own = program_.attribute(instance_.definition, name);
    if (own.is(Kind::assignment)) form_class = program_.resolve(own.child(Field::right));
  }
  for (const std::string_view name : {"get_serializer_class", "get_form_class"}) {
    const Node own = program_.attribute(instance_.definition, name);
    if (!own.is(Kind::function_definition)) continue;
    const Abstract value = call_self(name, {}, state);
    if (value.is(Type::class_)) form_class.definition = value.node;
  }
  form.node = form_class.definition;
  if (object != instance_.fields.end() && object->second.is(Type::rows)) {
    form.rows = object->second.rows;
    form.model = object->second.model;
    return form;
  }
  const Model* model = form.node.is(Kind::class_definition) ? model_of_form(form.node) : nullptr;
  if (model == nullptr) model = view_model(state);
  if (model == nullptr) return form;
  Rows fresh;
  fresh.model = model;
  fresh.single = true;
  fresh.fresh = true;
  fresh.born = true;
  fresh.trace.push_back({instance_.definition.location(), "a new " + model->name});
  if (form.node.is(Kind::class_definition)) {
    fresh.scoped = sets_owner(form.node, *model);
    fresh.owner_from_request = !fresh.scoped && exposes_owner(form.node, *model);
  }
  form.model = model;
  form.rows = add_rows(std::move(fresh));
  return form;
}

Abstract Machine::generic_get(State& state) {
  if (has_base("ListAPIView") || has_base("ListCreateAPIView")) return call_self("list", {}, state);
  if (is_drf_) {
    if (has_base("RetrieveAPIView") || has_base("RetrieveUpdateAPIView") ||
        has_base("RetrieveDestroyAPIView") || has_base("RetrieveUpdateDestroyAPIView")) {
      return call_self("retrieve", {}, state);
    }
    return {};
  }
  if (has_base("DetailView") || has_base("UpdateView") || has_base("DeleteView")) {
    instance_.fields["object"] = call_self("get_object", {}, state);
  } else if (has_base("ListView")) {
    instance_.fields["object_list"] = call_self("get_queryset", {}, state);
  } else if (!has_base("CreateView") && !has_base("FormView") && !has_base("TemplateView")) {
    return {};
  }
  if (!state.alive) return {};
  Abstract page = call_self("get_context_data", {}, state);
  page.name = "render_to_response";
  reach_by_page(page, class_page());
  return page;
}

Abstract Machine::generic_post(State& state) {
  if (is_drf_) return has_base("CreateAPIView") ? call_self("create", {}, state) : Abstract{};
  if (has_base("DeleteView")) {
    const Abstract object = call_self("get_object", {}, state);
    for (const std::string_view name : {"delete", "form_valid"}) {
      const Node own = program_.attribute(instance_.definition, name);
      if (own.is(Kind::function_definition)) return run_method(name, 0, {}, state);
    }
    if (object.is(Type::rows) && state.alive) {
      effect(Effect::Kind::remove, object.rows, instance_.definition.location(), state);
    }
    return {};
  }
  if (has_base("UpdateView")) instance_.fields["object"] = call_self("get_object", {}, state);
  if (!has_base("UpdateView") && !has_base("CreateView") && !has_base("FormView")) return {};
  if (!state.alive) return {};
  return call_self("form_valid", {builtin_form(state)}, state);
}

/// The rows that DRF's list shows: with SearchFilter or django-filter a request narrows them.
Abstract Machine::listed(State& state) {
  Abstract all = call_self("get_queryset", {}, state);
  const Node narrows = program_.attribute(instance_.definition, "filter_queryset");
  all = narrows ? call_self("filter_queryset", {all}, state) : narrowed_by_backends(all, state);
  const bool filters = std::ranges::any_of(
      std::array<std::string_view, 4>{"search_fields", "filterset_fields", "filterset_class",
                                      "filter_fields"},
      [&](std::string_view name) { return bool(program_.attribute(instance_.definition, name)); });
  if (!all.is(Type::rows) || !filters) return all;
  Rows found = rows(all.rows);
  found.searched = true;
  Abstract value = all;
  value.holds.insert(add_rows(std::move(found)));
  return value;
}

Abstract Machine::rest_action(std::string_view name, State& state) {
  if (name == "list" || name == "retrieve") {
    Abstract shown = name == "list" ? listed(state) : call_self("get_object", {}, state);
    reach_by_serializer(shown, class_serializer(state));
    return shown;
  }
  if (name == "create") {
    Abstract form = builtin_form(state);
    return call_self("perform_create", {form}, state);
  }
  if (name == "update" || name == "partial_update") {
    call_self("get_object", {}, state);
    if (!state.alive) return {};
    return call_self("perform_update", {builtin_form(state)}, state);
  }
  if (name == "destroy") {
    const Abstract object = call_self("get_object", {}, state);
    if (!state.alive) return {};
    return call_self("perform_destroy", {object}, state);
  }
  return {};
}

Abstract Machine::builtin_context(Node node, State& state) {
  Abstract context = node ? arguments_union(node, state) : Abstract{};
  for (const std::string_view field : {"object", "object_list"}) {
    const auto found = instance_.fields.find(field);
    if (found == instance_.fields.end()) continue;
    context.entries[std::string(field)] = carried(found->second);
    const Node own_name = program_.attribute(instance_.definition, "context_object_name");
    if (!own_name.is(Kind::assignment)) continue;
    context.entries[python::evaluate(own_name.child(Field::right), nullptr).text] =
        carried(found->second);
  }
  return context;
}

Abstract Machine::builtin(std::string_view name, Node node, State& state) {
  const auto first = [&] { return node ? eval(python::positional(node, 0), state) : Abstract{}; };
  if (name == "get") return generic_get(state);
  if (name == "post") return generic_post(state);
  if (name == "put" || name == "patch") {
    const bool updates = has_base("UpdateAPIView") || has_base("RetrieveUpdateDestroyAPIView");
    return is_drf_ && updates ? call_self("update", {}, state) : Abstract{};
  }
  if (name == "delete" && (is_drf_ || has_base("DeleteView"))) {
    if (is_drf_ && !has_base("DestroyAPIView")) return {};
    const Abstract object = call_self("get_object", {}, state);
    if (object.is(Type::rows) && state.alive) {
      if (is_drf_) return call_self("perform_destroy", {object}, state);
      effect(Effect::Kind::remove, object.rows, instance_.definition.location(), state);
    }
    return {};
  }
  if (name == "get_queryset") return builtin_queryset(state);
  if (name == "get_object") return builtin_get_object(node, state);
  if (name == "get_context_data") return builtin_context(node, state);
  if (name == "render_to_response") {
    Abstract response = arguments_union(node, state);
    response.name = "render_to_response";
    reach_by_page(response, class_page());
    return response;
  }
  if (name == "get_form" || name == "get_serializer") {
    if (node && name == "get_serializer") {
      const Abstract subject = first();
      if (subject.is(Type::rows)) {
        Abstract form;
        form.type = Type::form;
        form.rows = subject.rows;
        arguments_union(node, state);
        return form;
      }
    }
    return builtin_form(state);
  }
  if (name == "form_valid") {
    if (has_base("DeleteView")) {
      const Abstract object = call_self("get_object", {}, state);
      if (object.is(Type::rows)) {
        effect(Effect::Kind::remove, object.rows, instance_.definition.location(), state);
      }
      return {};
    }
    Abstract form = first();
    if (!form.is(Type::form)) form = builtin_form(state);
    if (!has_base("FormView") || has_base("CreateView") || has_base("UpdateView")) {
      save_form(form, {}, state);
    }
    return {};
  }
  if (name == "perform_create" || name == "perform_update") {
    const Abstract form = first();
    return form.is(Type::form) ? save_form(form, {}, state) : Abstract{};
  }
  if (name == "perform_destroy") {
    const Abstract object = first();
    if (object.is(Type::rows)) {
      effect(Effect::Kind::remove, object.rows, instance_.definition.location(), state);
    }
    return {};
  }
  if (name == "check_object_permissions") {
    const Abstract object = node ? eval(python::positional(node, 1), state) : Abstract{};
    object_permissions(object, state);
    return {};
  }
  if (name == "filter_queryset") return narrowed_by_backends(first(), state);
  if (name == "paginate_queryset") return first();
  const bool action = name == "list" || name == "retrieve" || name == "create" ||
                      name == "update" || name == "partial_update" || name == "destroy";
  if (action) return rest_action(name, state);
  return node ? arguments_union(node, state) : Abstract{};
}

}  // namespace grader::project::access
