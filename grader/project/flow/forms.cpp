#include <algorithm>

#include "grader/project/flow/machine.hpp"

namespace grader::project::flow {

using python::Field;
using python::Kind;
using python::Node;

namespace {

/// True if an argument holds what a person sent.
bool is_bound(const Machine& machine, const Arguments& given, const State& state) {
  const auto foreign = [&](const Ref& value) {
    return machine.flat(value, state)->has(Trait::foreign);
  };
  if (std::ranges::any_of(given.positional, foreign)) return true;
  return std::ranges::any_of(given.named, [&](const auto& one) {
    return one.first != "instance" && one.first != "initial" && foreign(one.second);
  });
}

/// Methods of the class and its bases whose name begins so, nearest first, each name once.
std::vector<Node> methods_beginning(Node definition, std::string_view prefix,
                                    const python::Program& program) {
  std::vector<Node> found;
  for (const auto& symbol : program.linearised(definition)) {
    for (const Node statement : symbol.definition.child(Field::body).children()) {
      const Node function = python::undecorated(statement);
      if (!function.is(Kind::function_definition)) continue;
      const auto name = python::definition_name(function);
      if (!name.starts_with(prefix) || name.size() <= prefix.size()) continue;
      const bool known = std::ranges::any_of(
          found, [&](Node other) { return python::definition_name(other) == name; });
      if (!known) found.push_back(function);
    }
  }
  return found;
}

Value bound_to(Node function, const Ref& self) {
  Value value;
  value.kind = Value::Kind::callable;
  value.definition = function;
  value.parts = {self};
  return value;
}

/// Runs clean_x() or validate_x(value) and puts what it gives into the dict of clean values.
void clean_each(Machine& machine, const Ref& self, const Ref& dict, std::string_view prefix,
                bool with_value, Node node, State& state) {
  const Node definition = machine.object(self, state)->definition;
  for (const Node function : methods_beginning(definition, prefix, machine.program())) {
    const auto name = python::definition_name(function).substr(prefix.size());
    const Ref key = constant_text(std::string(name));
    Arguments given;
    if (with_value) given.positional = {machine.item(dict, key, node, state)};
    const Ref value = machine.invoke(bound_to(function, self), given, node, state);
    state.alive = true;
    machine.set_item(dict, key, value, node, state);
  }
}

}  // namespace

void Machine::prepare_form(const Ref& form, const Arguments& given, State& state) {
  const Node definition = object(form, state)->definition;
  const Node node = object(form, state)->made_at;
  Ref instance = given.named_as("instance");
  if (!instance && given.rest && object(given.rest, state) != nullptr) {
    instance = object(given.rest, state)->get("[instance]");
  }
  const bool has_row = instance && object(instance, state) != nullptr;
  if (!has_row) {
    if (Ref old = object(form, state)->get("instance"))
      instance = old;
    else if (const Model* model = meta_model(definition)) {
      instance = new_row(*model, false, node, state);
    }
  }
  const bool bound =
      is_bound(*this, given, state) || (given.rest && flat(given.rest, state)->has(Trait::foreign));
  Object* changed = writable(form, state);
  if (instance) changed->attributes["instance"] = instance;
  if (bound) changed->attributes["@bound"] = boolean(true);
}

void Machine::validate_form(const Ref& form, Node node, State& state) {
  const Object* known = object(form, state);
  if (known == nullptr || known->get("@valid") || !known->get("@bound")) return;
  const Node definition = known->definition;  // forms that Django makes are valid from the start
  const Ref instance = known->get("instance");
  const Ref clean = make_object("dict", {}, node, state);
  writable(clean, state)->attributes["[]"] = checked_input("", node);
  Object* changed = writable(form, state);
  changed->attributes["@valid"] = boolean(true);
  changed->attributes["cleaned_data"] = clean;
  clean_each(*this, form, clean, "clean_", false, node, state);
  if (Ref own = method(definition, "clean")) {
    const Ref result = invoke(bound_to(own->definition, form), {}, node, state);
    state.alive = true;
    if (result->is(Value::Kind::object)) {
      writable(form, state)->attributes["cleaned_data"] = result;
    }
  }
  // ModelForm._post_clean() puts the clean values into the instance.
  const Model* model = meta_model(definition);
  if (model == nullptr || !instance || project_.models.entry_model() != model) return;
  const auto fields = meta_fields(definition);
  const std::string& secret = secret_field();
  if (fields && std::ranges::find(*fields, secret) == fields->end()) return;
  const Ref value =
      item(object(form, state)->get("cleaned_data"), constant_text(secret), node, state);
  set_attribute(instance, secret, value, node, state);
}

Ref Machine::form_method(const Ref& form, std::string_view name, const Arguments& given, Node node,
                         State& state) {
  if (name == "is_valid" || name == "full_clean" || name == "has_changed") {
    validate_form(form, node, state);
    return input(Source::other, "is_valid()", node);
  }
  if (name == "clean") {
    const Ref clean = object(form, state)->get("cleaned_data");
    return clean ? clean : none_value(node);
  }
  if (name == "save") {
    validate_form(form, node, state);
    const Ref instance = object(form, state)->get("instance");
    if (!instance) return unknown("what a form saves", node);
    const Ref commit = given.get("commit", 0);
    if (!commit || truth(commit, state) != false) save_row(instance, node, state);
    return instance;
  }
  if (name == "add_error" || name == "save_m2m") return none_value(node);
  return input(Source::other, std::string(name) + "()", node);
}

void Machine::prepare_serializer(const Ref& serializer, const Arguments& given, State& state) {
  Object* changed = writable(serializer, state);
  if (Ref instance = given.get("instance", 0)) {
    if (!instance->is_input(Source::parameter)) changed->attributes["instance"] = instance;
  }
  const Ref data = given.get("data", 1);
  if (data) {
    changed->attributes["@bound"] = boolean(true);
    changed->attributes["initial_data"] = data;
  }
  if (Ref context = given.named_as("context")) changed->attributes["context"] = context;
}

namespace {

/// The keys of validated_data that stand for fields which a request can set.
void add_writable_fields(Machine& machine, Node definition, const Ref& dict, Node node,
                         State& state) {
  Object* changed = machine.writable(dict, state);
  const auto fields = machine.meta_fields(definition);
  if (!fields) {
    changed->attributes["[]"] = checked_input("", node);
    return;
  }
  for (const auto& name : *fields) {
    changed->attributes["[" + name + "]"] = checked_input(name, node);
  }
  // Fields that the class declares by itself.
  for (const Node statement : definition.child(Field::body).children()) {
    const Node assignment = statement.child(Kind::assignment);
    const Node call = assignment ? assignment.child(Field::right) : Node();
    if (!call.is(Kind::call) || !assignment.child(Field::left).is(Kind::identifier)) continue;
    const std::string name(assignment.child(Field::left).text());
    if (python::evaluate(python::keyword(call, "read_only"), nullptr).is_true()) {
      changed->attributes.erase("[" + name + "]");
      continue;
    }
    changed->attributes["[" + name + "]"] = checked_input(name, node);
  }
}

}  // namespace

void Machine::validate_serializer(const Ref& serializer, Node node, State& state) {
  const Object* known = object(serializer, state);
  if (known == nullptr || known->get("@valid") || !known->get("@bound")) return;
  const Node definition = known->definition;
  writable(serializer, state)->attributes["@valid"] = boolean(true);
  Ref clean = make_object("dict", {}, node, state);
  add_writable_fields(*this, definition, clean, node, state);
  writable(serializer, state)->attributes["@clean"] = clean;
  if (Ref own = method(definition, "to_internal_value")) {
    Arguments given;
    given.positional = {input(Source::typed, "", node)};
    const Ref result = invoke(bound_to(own->definition, serializer), given, node, state);
    state.alive = true;
    if (result->is(Value::Kind::object)) clean = result;
  }
  clean_each(*this, serializer, clean, "validate_", true, node, state);
  if (Ref own = method(definition, "validate")) {
    Arguments given;
    given.positional = {clean};
    const Ref result = invoke(bound_to(own->definition, serializer), given, node, state);
    state.alive = true;
    for (const auto& one : alternatives(result)) {
      if (one->is(Value::Kind::object)) clean = one;
    }
  }
  writable(serializer, state)->attributes["validated_data"] = clean;
}

Ref Machine::serializer_method(const Ref& serializer, std::string_view name, const Arguments& given,
                               Node node, State& state) {
  const Model* model = meta_model(object(serializer, state)->definition);
  if (name == "is_valid") {
    validate_serializer(serializer, node, state);
    return boolean(true, node);
  }
  if (name == "to_internal_value" || name == "run_validation") {
    const Ref clean = object(serializer, state)->get("@clean");
    return clean ? clean : input(Source::typed, "", node);
  }
  if (name == "validate") return given.at(0) ? given.at(0) : none_value(node);
  if (name == "create" && model != nullptr && given.at(0)) {
    Arguments fields;
    fields.rest = given.at(0);
    const Ref row = new_row(*model, false, node, state);
    fill_row(row, fields, node, state);
    save_row(row, node, state);
    return row;
  }
  if (name == "update" && given.at(0) && given.at(1)) {
    Arguments fields;
    fields.rest = given.at(1);
    if (object(given.at(0), state) == nullptr || model == nullptr) return given.at(0);
    fill_row(given.at(0), fields, node, state);
    save_row(given.at(0), node, state);
    return given.at(0);
  }
  if (name == "save") {
    validate_serializer(serializer, node, state);
    const Ref clean = object(serializer, state)->get("validated_data");
    if (!clean) return unknown("what a serializer saves", node);
    const Ref merged = call_method(clean, "copy", {}, node, state);
    for (const auto& [key, value] : given.named) {
      set_item(merged, constant_text(key), value, node, state);
    }
    Arguments arguments;
    const Ref instance = object(serializer, state)->get("instance");
    const bool update = instance && object(instance, state) != nullptr;
    if (update) arguments.positional.push_back(instance);
    arguments.positional.push_back(merged);
    const Ref row = call_method(serializer, update ? "update" : "create", arguments, node, state);
    if (Object* changed = writable(serializer, state)) changed->attributes["instance"] = row;
    return row;
  }
  return input(Source::other, std::string(name) + "()", node);
}

}  // namespace grader::project::flow
