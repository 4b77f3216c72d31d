#include <algorithm>
#include <initializer_list>

#include "grader/base/text.hpp"
#include "grader/project/flow/machine.hpp"

namespace grader::project::flow {

using python::Field;
using python::Kind;
using python::Node;

namespace {

/// The class that an attribute of a view names: form_class = EntryForm.
Node class_named(Machine& machine, Node view, std::string_view name) {
  const Node own = machine.program().attribute(view, name);
  if (!own.is(Kind::assignment)) return {};
  return machine.program().resolve(own.child(Field::right)).definition;
}

/// The model that a view is about: `model`, or that of `queryset`.
const Model* model_of_view(Machine& machine, Node view, State& state) {
  const Node named = class_named(machine, view, "model");
  if (const Model* model = machine.model_of(named)) return model;
  const Node rows = machine.program().attribute(view, "queryset");
  if (rows.is(Kind::assignment)) {
    const Ref value = machine.evaluate(rows.child(Field::right), state);
    if (value->is(Value::Kind::rows)) return machine.project().models.find(value->name);
  }
  for (const auto* attribute : {"form_class", "serializer_class", "form"}) {
    if (const Node form = class_named(machine, view, attribute)) {
      if (const Model* model = machine.meta_model(form)) return model;
    }
  }
  return nullptr;
}

bool updates(Machine& machine, Node view) {
  return machine.derives_from(view, "UpdateView") || machine.derives_from(view, "UpdateAPIView") ||
         machine.derives_from(view, "ModelFormMixin");
}

Arguments arguments_of(std::initializer_list<Ref> values) {
  Arguments given;
  given.positional = values;
  return given;
}

/// The form that a view makes of a request: of form_class, or of model and fields.
Ref form_of(Machine& machine, const Ref& view, const Ref& row, Node node, State& state) {
  const Node definition = machine.object(view, state)->definition;
  Arguments given;
  given.positional = {input(Source::typed, "", node)};
  if (row) given.named = {{"instance", row}};
  if (const Node form = class_named(machine, definition, "form_class")) {
    if (form.is(Kind::class_definition)) {
      return machine.instantiate(type_of(std::string(python::definition_name(form)), form), given,
                                 node, state);
    }
  }
  const Ref getter = machine.method(definition, "get_form_class");
  if (getter) {
    Value function = *getter;
    function.parts = {view};
    const Ref type = machine.invoke(function, {}, node, state);
    if (alternatives(type).front()->is(Value::Kind::type)) {
      return machine.call_value(type, given, node, state);
    }
  }
  const Model* model = model_of_view(machine, definition, state);
  if (model == nullptr) return unknown("a form of " + machine.object(view, state)->type, node);
  return machine.model_form(*model, definition, row, node, state);
}

Ref serializer_of(Machine& machine, const Ref& view, const Arguments& given, Node node,
                  State& state) {
  const Node definition = machine.object(view, state)->definition;
  if (const Ref getter = machine.method(definition, "get_serializer_class")) {
    Value function = *getter;
    function.parts = {view};
    const Ref type = machine.invoke(function, {}, node, state);
    if (alternatives(type).front()->is(Value::Kind::type)) {
      return machine.call_value(type, given, node, state);
    }
  }
  const Node type = class_named(machine, definition, "serializer_class");
  if (!type.is(Kind::class_definition)) {
    return unknown("a serializer of " + machine.object(view, state)->type, node);
  }
  return machine.instantiate(type_of(std::string(python::definition_name(type)), type), given, node,
                             state);
}

Ref row_of(Machine& machine, const Ref& view, Node node, State& state) {
  const Node definition = machine.object(view, state)->definition;
  const Model* model = model_of_view(machine, definition, state);
  if (model == nullptr) return unknown("an object of " + machine.object(view, state)->type, node);
  return machine.new_row(*model, true, node, state);
}

/// POST of a create, update or form view, as django.views.generic.edit has it.
Ref post_form(Machine& machine, const Ref& view, Node node, State& state) {
  const Node definition = machine.object(view, state)->definition;
  Ref row;
  if (updates(machine, definition)) {
    row = machine.call_method(view, "get_object", {}, node, state);
    if (machine.object(row, state) == nullptr) row = row_of(machine, view, node, state);
    if (Object* changed = machine.writable(view, state)) changed->attributes["object"] = row;
  }
  Ref form = machine.call_method(view, "get_form", {}, node, state);
  if (machine.object(form, state) == nullptr) return form;
  machine.validate_form(form, node, state);
  return machine.call_method(view, "form_valid", arguments_of({form}), node, state);
}

/// POST or PUT of a Django REST framework view.
Ref post_serializer(Machine& machine, const Ref& view, bool update, Node node, State& state) {
  Arguments given;
  given.named = {{"data", input(Source::typed, "", node)}};
  if (update) {
    Ref row = machine.call_method(view, "get_object", {}, node, state);
    if (machine.object(row, state) == nullptr) row = row_of(machine, view, node, state);
    given.positional = {row};
  }
  Ref serializer = machine.call_method(view, "get_serializer", given, node, state);
  if (machine.object(serializer, state) == nullptr) return serializer;
  machine.validate_serializer(serializer, node, state);
  return machine.call_method(view, update ? "perform_update" : "perform_create",
                             arguments_of({serializer}), node, state);
}

/// What Django's get_context_data() gives: the rows or the row under their names, and what the
/// caller adds.
Ref page_context(Machine& machine, const Ref& view, const Arguments& given, Node node,
                 State& state) {
  const Node definition = machine.object(view, state)->definition;
  const Ref context = machine.make_object("dict", {}, node, state);
  const auto put = [&](std::string_view key, const Ref& value) {
    machine.set_item(context, constant_text(std::string(key)), value, node, state);
  };
  const bool list = machine.derives_from(definition, "ListView");
  const bool one = machine.derives_from(definition, "DetailView") ||
                   machine.derives_from(definition, "DeleteView") || updates(machine, definition);
  if (list || one) {
    const Ref shown =
        machine.call_method(view, list ? "get_queryset" : "get_object", {}, node, state);
    put(list ? "object_list" : "object", shown);
    const Node own = machine.program().attribute(definition, "context_object_name");
    const auto name = own.is(Kind::assignment)
                          ? python::evaluate(own.child(Field::right), &machine.program()).text
                          : std::string();
    const Model* model = model_of_view(machine, definition, state);
    if (!name.empty()) put(name, shown);
    if (model != nullptr) put(text::lower(model->name) + (list ? "_list" : ""), shown);
  }
  for (const auto& [key, value] : given.named) put(key, value);
  return context;
}

}  // namespace

Ref Machine::model_form(const Model& model, Node view, const Ref& row, Node node, State& state) {
  const Ref form = make_object("a model form", {}, node, state);
  const bool old = row && object(row, state) != nullptr;
  const Ref instance = old ? row : new_row(model, false, node, state);
  const Ref clean = make_object("dict", {}, node, state);
  writable(clean, state)->attributes["[]"] = checked_input("", node);
  writable(form, state)->attributes = {{"instance", instance}, {"cleaned_data", clean}};
  const Node list = program().attribute(view, "fields");
  const auto fields = list.is(Kind::assignment)
                          ? python::evaluate(list.child(Field::right), &program())
                          : python::Value();
  const bool some = fields.type == python::Value::Type::list;
  const bool listed = std::ranges::any_of(
      fields.items, [&](const auto& item) { return item.text == secret_field(); });
  if (&model == project_.models.entry_model() && (!some || listed)) {
    set_attribute(instance, secret_field(), input(Source::typed, secret_field(), node), node,
                  state);
  }
  return form;
}

Ref Machine::new_view(Node definition, State& state) {
  const Ref view =
      make_object(std::string(python::definition_name(definition)), definition, definition, state);
  writable(view, state)->attributes = {{"request", request(definition)},
                                       {"kwargs", input(Source::typed, "", definition)},
                                       {"args", input(Source::typed, "", definition)}};
  return view;
}

Ref Machine::view_attribute(const Ref& view, const Object& object, std::string_view name, Node node,
                            State& state) {
  if (!object.definition || role(object.definition) != ClassRole::view) return nullptr;
  if (name == "object") {
    const Ref row = row_of(*this, view, node, state);
    writable(view, state)->attributes["object"] = row;
    return row;
  }
  if (name == "object_list") return view_method(view, "get_queryset", {}, node, state);
  return nullptr;
}

Ref Machine::view_method(const Ref& view, std::string_view name, const Arguments& given, Node node,
                         State& state) {
  const Node definition = object(view, state)->definition;
  if (name == "get_queryset" || name == "filter_queryset") {
    if (given.at(0) && given.at(0)->is(Value::Kind::rows)) return given.at(0);
    const Model* model = model_of_view(*this, definition, state);
    if (model == nullptr) return unknown("the rows of a view", node);
    return attribute(type_of(model->qualified, model->definition), "objects", node, state);
  }
  if (name == "get_object") return row_of(*this, view, node, state);
  if (name == "get_form") {
    const Object* known = object(view, state);
    const Ref row = updates(*this, definition) ? known->get("object") : nullptr;
    return form_of(*this, view, row, node, state);
  }
  if (name == "get_serializer") return serializer_of(*this, view, given, node, state);
  if (name == "form_valid" && given.at(0)) {
    const bool model_form = derives_from(definition, "CreateView") || updates(*this, definition);
    if (model_form && object(given.at(0), state) != nullptr) {
      const Ref row = call_method(given.at(0), "save", {}, node, state);
      if (Object* changed = writable(view, state)) changed->attributes["object"] = row;
    }
    return external("django.http.HttpResponseRedirect()", node);
  }
  if (name == "perform_create" || name == "perform_update") {
    return given.at(0) ? call_method(given.at(0), "save", {}, node, state) : none_value(node);
  }
  if (name == "post" || name == "create" || name == "put" || name == "update" ||
      name == "partial_update" || name == "patch") {
    if (derives_from(definition, "django.views")) return post_form(*this, view, node, state);
    return post_serializer(*this, view, name != "post" && name != "create", node, state);
  }
  if (name == "get_context_data") return page_context(*this, view, given, node, state);
  if (name == "save_model" && given.at(1)) {
    // ModelAdmin.save_model(request, obj, form, change)
    save_row(given.at(1), node, state);
    return none_value(node);
  }
  return external("django.views." + std::string(name) + "()", node);
}

}  // namespace grader::project::flow
