#include <algorithm>

#include "grader/base/text.hpp"
#include "grader/project/flow/machine.hpp"

namespace grader::project::flow {

using python::Field;
using python::Kind;
using python::Node;
using python::Symbol;

namespace {

ClassRole role_of_base(std::string_view name) {
  if (name.starts_with("rest_framework.serializers.") || name.ends_with("Serializer")) {
    return ClassRole::serializer;
  }
  if (name.starts_with("django.contrib.admin") || name.ends_with("ModelAdmin") ||
      name.starts_with("import_export.admin")) {
    return ClassRole::admin;
  }
  if (name.starts_with("django.views") || name.starts_with("rest_framework.") ||
      name.starts_with("django.contrib.auth.views") || name.ends_with("View") ||
      name.ends_with("ViewSet")) {
    return ClassRole::view;
  }
  if (name.starts_with("django.forms") || name.starts_with("django.contrib.auth.forms") ||
      name.ends_with("Form")) {
    return ClassRole::form;
  }
  return ClassRole::plain;
}

/// https://docs.djangoproject.com/en/stable/ref/models/fields/#editable
bool is_editable(const ModelField& field) {
  const auto said = python::evaluate(python::keyword(field.call, "editable"), nullptr);
  if (said.is_false()) return false;
  return said.is_true() || !field.type.ends_with("BinaryField");
}

std::vector<std::string> names_in(Machine& machine, Node assignment) {
  std::vector<std::string> names;
  const auto value = python::evaluate(assignment.child(Field::right), &machine.program());
  for (const auto& item : value.items) {
    if (item.is_string()) names.push_back(item.text);
  }
  return names;
}

}  // namespace

const Model* Machine::model_of(Node class_definition) const {
  if (!class_definition) return nullptr;
  const auto& all = project_.models.all;
  const auto found = std::ranges::find(all, class_definition, &Model::definition);
  return found == all.end() ? nullptr : &*found;
}

ClassRole Machine::role(Node class_definition) {
  const auto known = roles_.find(class_definition);
  if (known != roles_.end()) return known->second;
  ClassRole result = ClassRole::plain;
  if (model_of(class_definition) != nullptr) {
    result = ClassRole::model;
  } else {
    for (const Symbol& base : program().linearised(class_definition)) {
      if (base.is_class() || result != ClassRole::plain) continue;
      result = role_of_base(base.name);
    }
  }
  roles_[class_definition] = result;
  return result;
}

bool Machine::derives_from(Node class_definition, std::string_view text) {
  return std::ranges::any_of(program().linearised(class_definition), [&](const Symbol& base) {
    return !base.is_class() && base.name.find(text) != std::string::npos;
  });
}

const Model* Machine::meta_model(Node class_definition) {
  if (!class_definition) return nullptr;
  const Node meta = program().attribute(class_definition, "Meta");
  if (!meta.is(Kind::class_definition)) return nullptr;
  const Node model = program().attribute(meta, "model");
  if (!model.is(Kind::assignment)) return nullptr;
  return model_of(program().resolve(model.child(Field::right)).definition);
}

std::optional<std::vector<std::string>> Machine::meta_fields(Node class_definition) {
  const Node meta = program().attribute(class_definition, "Meta");
  const Model* model = meta_model(class_definition);
  if (!meta.is(Kind::class_definition) || model == nullptr) return std::nullopt;
  std::vector<std::string> names;
  if (const Node fields = program().attribute(meta, "fields"); fields.is(Kind::assignment)) {
    names = names_in(*this, fields);
  }
  if (names.empty()) {
    for (const auto& field : model->fields) names.push_back(field.name);
  }
  // Forms leave out what is not editable, as BinaryField is by itself.
  if (role(class_definition) == ClassRole::form) {
    std::erase_if(names, [&](const std::string& name) {
      const ModelField* field = model->field(name);
      return field != nullptr && !is_editable(*field);
    });
  }
  for (const auto* removed : {"exclude", "read_only_fields"}) {
    const Node list = program().attribute(meta, removed);
    if (!list.is(Kind::assignment)) continue;
    for (const auto& name : names_in(*this, list)) std::erase(names, name);
  }
  return names;
}

bool Machine::is_entry(const Object& object) const {
  const Model* entry = project_.models.entry_model();
  return entry != nullptr && object.definition == entry->definition;
}

Ref Machine::make_object(std::string type, Node definition, Node node, State& state) {
  Object object;
  object.type = std::move(type);
  object.definition = definition;
  object.made_at = node;
  Value value;
  value.kind = Value::Kind::object;
  value.id = next_id_++;
  value.name = object.type;
  value.node = node;
  state.heap[value.id] = std::make_shared<const Object>(std::move(object));
  return finished(std::move(value));
}

const Object* Machine::object(const Ref& ref, const State& state) const {
  if (!ref || !ref->is(Value::Kind::object)) return nullptr;
  if (const auto found = state.heap.find(ref->id); found != state.heap.end()) {
    return found->second.get();
  }
  const auto found = base_heap_.find(ref->id);
  return found == base_heap_.end() ? nullptr : found->second.get();
}

Object* Machine::writable(const Ref& ref, State& state) {
  const Object* known = object(ref, state);
  if (known == nullptr) return nullptr;
  auto copy = std::make_shared<Object>(*known);
  Object* result = copy.get();
  state.heap[ref->id] = std::move(copy);
  return result;
}

/// Rows as what they print: their text, and of values() the column of the secret too.
Ref Machine::rows_as_data(const Value& rows) const {
  Ref row = input(Source::row, rows.name, rows.node);
  const Model* entry = project_.models.entry_model();
  const bool whole = std::ranges::find(rows.flaws, every_column) != rows.flaws.end();
  if (!whole || entry == nullptr || rows.name != entry->qualified) return row;
  return made(Op::text, "values",
              {row, input(Source::row, entry->qualified + "." + secret_field(), rows.node)},
              rows.node);
}

Ref Machine::flat(const Ref& value, const State& state, int depth) const {
  constexpr int deepest = 6;
  if (!value) return none_value();
  switch (value->kind) {
    case Value::Kind::object:
      break;
    case Value::Kind::choice: {
      std::vector<Ref> parts;
      for (const auto& one : value->parts) parts.push_back(flat(one, state, depth + 1));
      return choice_of(parts);
    }
    case Value::Kind::made: {
      if (!value->has(Trait::object) || depth > deepest) return value;
      Value copy = *value;
      for (auto& part : copy.parts) part = flat(part, state, depth + 1);
      return made(copy.op, copy.name, copy.parts, copy.node);
    }
    case Value::Kind::rows:
      return rows_as_data(*value);
    case Value::Kind::callable:
    case Value::Kind::type:
    case Value::Kind::parent:
    case Value::Kind::external:
      return input(Source::other, value->name, value->node);
    default:
      return value;
  }
  const Object* known = object(value, state);
  if (known == nullptr || depth > deepest) return unknown("an object", value->node);
  if (known->definition && model_of(known->definition) != nullptr) {
    return input(Source::row, known->type, value->node);
  }
  std::vector<Ref> parts;
  for (const auto& [name, held] : known->attributes) {
    if (name.starts_with("[")) parts.push_back(flat(held, state, depth + 1));
  }
  if (parts.empty() && known->definition) return input(Source::other, known->type, value->node);
  return made(Op::text, known->type, std::move(parts), value->node);
}

Ref Machine::request(Node node) const { return input(Source::other, "request", node); }

Ref Machine::user(Node node, State& state) {
  if (const Model* model = project_.models.find(project_.models.user_model)) {
    return new_row(*model, true, node, state);
  }
  return input(Source::row, project_.models.user_model, node);
}

namespace {

/// A setting as the reader of settings knows it; null where it does not.
Ref known_setting(const Setting& setting) {
  const auto literal = [&] { return constant(setting.value, setting.node); };
  switch (setting.origin) {
    case Origin::constant:
      return literal();
    case Origin::environment:
      return input(Source::environment, setting.variable, setting.node);
    case Origin::environment_with_default:
      return input(Source::environment, setting.variable, setting.node, {literal()});
    case Origin::generated:
      return input(Source::random, setting.name, setting.node);
    case Origin::file:
    case Origin::computed:
      return nullptr;
  }
  return nullptr;
}

}  // namespace

Ref Machine::setting(std::string_view name, Node node) {
  std::vector<Ref> parts;
  if (const SettingsModule* main = project_.main_settings()) {
    const Setting* known = main->find(name);
    if (Ref value = known == nullptr ? nullptr : known_setting(*known)) {
      parts.push_back(std::move(value));
    } else if (const python::Module* module = program().module(main->name)) {
      State state;
      const Symbol symbol = program().member(*module, name);
      if (symbol) parts.push_back(flat(from_symbol(symbol, node), state));
    }
  }
  return input(Source::setting, std::string(name), node, std::move(parts));
}

Ref Machine::from_symbol(const Symbol& symbol, Node node) {
  if (!symbol) return unknown("a name that is not defined", node);
  if (symbol.is_class()) return type_of(symbol.name, symbol.definition);
  if (symbol.is_function()) {
    Value value;
    value.kind = Value::Kind::callable;
    value.name = symbol.name;
    value.definition = symbol.definition;
    value.node = symbol.definition;
    return std::make_shared<const Value>(std::move(value));
  }
  if (symbol.definition.is(Kind::assignment)) {
    if (symbol.definition.enclosing(Kind::function_definition)) {
      return unknown("a name that is not bound yet", node);
    }
    if (symbol.definition.enclosing(Kind::class_definition)) return assigned(symbol.definition);
    const python::Module* module = program().of(symbol.definition);
    const auto& names = module_names(*module);
    const auto found = names.find(symbol.definition.child(Field::left).text());
    if (found != names.end()) {
      Ref value = with_rebound(module->tree(), found->first, found->second);
      const std::string& dotted = program().name_of(*module);
      const bool is_setting =
          dotted.ends_with("settings") || dotted.find("settings.") != dotted.npos;
      const std::string name(found->first);
      const bool upper = std::ranges::none_of(name, [](char c) { return c >= 'a' && c <= 'z'; });
      if (!is_setting || !upper || !value->is_data()) return value;
      return input(Source::setting, name, node, {value});
    }
    return assigned(symbol.definition);
  }
  Value value;
  value.kind = Value::Kind::external;
  value.name = symbol.name;
  value.definition = symbol.definition;
  value.node = node;
  return std::make_shared<const Value>(std::move(value));
}

/// What an assignment outside of functions gives. Names made of themselves, and long chains of
/// names, end.
Ref Machine::assigned(Node assignment) {
  constexpr std::size_t most_names = 40;
  if (assigned_.size() >= most_names || !assigned_.insert(assignment).second) {
    return unknown("a name that is made of itself", assignment);
  }
  State state;
  Ref value = evaluate(assignment.child(Field::right), state);
  assigned_.erase(assignment);
  for (const auto& [id, object] : state.heap) base_heap_.insert_or_assign(id, object);
  return value;
}

Ref Machine::unbound(Node identifier) {
  if (const Symbol symbol = program().resolve(identifier)) return from_symbol(symbol, identifier);
  const auto name = identifier.text();
  // with open(…) as f, for x in y, a, b = c at the top of a module.
  if (const python::Module* module = program().of(identifier)) {
    if (!identifier.enclosing(Kind::function_definition) || !modules_.contains(module->tree())) {
      const auto& names = module_names(*module);
      if (const auto found = names.find(name); found != names.end()) return found->second;
    }
    if (Ref value = with_rebound(module->tree(), name, nullptr)) return value;
  }
  return external("builtins." + std::string(name), identifier);
}

const Names& Machine::module_names(const python::Module& module) {
  const auto known = modules_.find(module.tree());
  if (known != modules_.end()) return known->second;
  modules_[module.tree()];
  constexpr int most_steps = 30'000;
  const int saved = steps_left_;
  const auto loops = std::exchange(loops_, {});
  steps_left_ = std::min(total_left_, most_steps);
  State state;
  frames_.emplace_back();
  execute_block(module.root(), state);
  frames_.pop_back();
  steps_left_ = saved;
  loops_ = loops;
  for (auto& [id, object] : state.heap) base_heap_.insert_or_assign(id, object);
  Names& names = modules_[module.tree()];
  names = std::move(state.names);
  return names;
}

State Machine::fork(const State& state) {
  constexpr std::size_t entries_a_step = 8;
  const auto entries = state.names.size() + state.heap.size() + state.writes.size();
  const int price = static_cast<int>(entries / entries_a_step);
  steps_left_ -= price;
  total_left_ -= price;
  return state;
}

bool Machine::spend() {
  if (steps_left_ <= 0 || total_left_ <= 0) return false;
  --steps_left_;
  --total_left_;
  return true;
}

}  // namespace grader::project::flow
