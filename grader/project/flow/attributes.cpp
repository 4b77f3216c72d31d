#include <algorithm>
#include <array>

#include "grader/base/text.hpp"
#include "grader/project/flow/machine.hpp"

namespace grader::project::flow {

using python::Field;
using python::Kind;
using python::Node;
using python::Symbol;

namespace {

bool is_property(Node function) {
  for (const Node decorator : python::decorators(function)) {
    const auto text = decorator.text();
    if (text == "property" || text.ends_with("cached_property")) return true;
  }
  return false;
}

/// The function that @name.setter decorates.
Node setter_of(Node class_definition, std::string_view name, const python::Program& program) {
  const std::string wanted = std::string(name) + ".setter";
  for (const auto& symbol : program.linearised(class_definition)) {
    for (const Node statement : symbol.definition.child(Field::body).children()) {
      if (!statement.is(Kind::decorated_definition)) continue;
      const Node function = python::undecorated(statement);
      for (const Node decorator : python::decorators(function)) {
        if (decorator.text() == wanted) return function;
      }
    }
  }
  return {};
}

Node getter_of(Node class_definition, std::string_view name, const python::Program& program) {
  for (const auto& symbol : program.linearised(class_definition)) {
    for (const Node statement : symbol.definition.child(Field::body).children()) {
      if (!statement.is(Kind::decorated_definition)) continue;
      const Node function = python::undecorated(statement);
      if (python::definition_name(function) == name && is_property(function)) return function;
    }
  }
  return {};
}

Ref bound(Node function, const Ref& self) {
  Value value;
  value.kind = Value::Kind::callable;
  value.name = python::definition_name(function);
  value.definition = function;
  value.node = function;
  if (self) value.parts = {self};
  return std::make_shared<const Value>(std::move(value));
}

/// request.POST and its like.
Ref request_attribute(Machine& machine, std::string_view name, Node node, State& state) {
  static constexpr std::array typed{std::string_view("POST"),  std::string_view("GET"),
                                    std::string_view("data"),  std::string_view("body"),
                                    std::string_view("FILES"), std::string_view("query_params"),
                                    std::string_view("json"),  std::string_view("content_params")};
  if (std::ranges::find(typed, name) != typed.end()) return input(Source::typed, "", node);
  if (name == "user") return machine.user(node, state);
  if (name == "session") return input(Source::session, "", node);
  if (name == "META" || name == "headers" || name == "COOKIES") {
    return input(Source::other, "request." + std::string(name), node);
  }
  return input(Source::other, "request." + std::string(name), node);
}

Ref data_attribute(Machine& machine, const Ref& of, std::string_view name, Node node,
                   State& state) {
  if (of->is(Value::Kind::input)) {
    if (of->source == Source::other && of->name == "request") {
      return request_attribute(machine, name, node, state);
    }
    if (of->source == Source::row) {
      return input(Source::row, of->name + "." + std::string(name), node);
    }
    return of;
  }
  return of;
}

std::string key_name(const Ref& index) {
  if (!index->is(Value::Kind::constant) || !index->literal.known()) return {};
  const auto& literal = index->literal;
  if (literal.is_string()) return "[" + literal.text + "]";
  if (literal.type == python::Value::Type::integer) {
    return "[" + std::to_string(literal.number) + "]";
  }
  return {};
}

/// An item of request.POST, of the session, of os.environ, of a piece of text.
Ref data_item(Machine& machine, const Ref& of, const Ref& index, Node node, State& state) {
  const std::string key = index->is(Value::Kind::constant) ? index->literal.text : std::string();
  if (of->is(Value::Kind::input)) {
    if (of->source == Source::typed && of->name.empty()) {
      const std::string name = key.empty() ? "?" : key;
      return of->flaws.empty() ? input(Source::typed, name, node) : checked_input(name, node);
    }
    if (of->source == Source::session) return input(Source::session, key, node);
    if (of->source == Source::row) return input(Source::row, of->name + "." + key, node);
    return made(Op::text, "element", {of}, node);
  }
  const Ref by = machine.flat(index, state);
  if (of->is(Value::Kind::constant)) {
    // A letter looked up in a table by a letter of foreign data: substitution.
    if (by->has(Trait::foreign)) return made(Op::toy, "substitution", {by}, node);
    const auto& items = of->literal.items;
    const auto number = static_cast<std::size_t>(index->literal.number);
    if (!items.empty() && index->is(Value::Kind::constant) && number < items.size()) {
      return constant(items[number], node);
    }
  }
  return made(Op::text, "element", {machine.flat(of, state)}, node);
}

/// "Cipher.fernet" of an attribute that stands in the body of class Cipher.
std::string class_name_of(Node own, std::string_view name) {
  const Node owner = own.enclosing(Kind::class_definition);
  return std::string(python::definition_name(owner)) + "." + std::string(name);
}

}  // namespace

/// An attribute of a class, with what methods have given it since (cls.fernet = …).
Ref Machine::class_value(Node own) {
  const Ref value = assigned(own);
  return with_rebound(own.tree(), class_name_of(own, own.child(Field::left).text()), value);
}

Ref Machine::attribute(const Ref& of, std::string_view name, Node node, State& state) {
  switch (of->kind) {
    case Value::Kind::choice: {
      std::vector<Ref> results;
      for (const auto& one : of->parts) {
        if (truth(one, state) != false) results.push_back(attribute(one, name, node, state));
      }
      return choice_of(results);
    }
    case Value::Kind::external: {
      if (of->name == "django.conf.settings") return setting(name, node);
      if (of->definition) {
        const python::Module* module = program().of(of->definition);
        if (module != nullptr) {
          const Symbol member = program().member(*module, name);
          if (!member) {
            if (Ref value = with_rebound(module->tree(), name, nullptr)) return value;
          }
          return from_symbol(member, node);
        }
      }
      return external(of->name + "." + std::string(name), node);
    }
    case Value::Kind::type: {
      if (const Model* model = model_of(of->definition)) {
        const Node own = program().attribute(of->definition, name);
        if (!own || own.is(Kind::assignment)) {
          if (name == "DoesNotExist" || name == "MultipleObjectsReturned" || name == "_meta") {
            return external("django.db.models.Model." + std::string(name), node);
          }
          Value rows;
          rows.kind = Value::Kind::rows;
          rows.name = model->qualified;
          rows.node = node;
          if (own) {
            const auto manager = program().resolve(python::callee(own.child(Field::right)));
            if (manager.is_class()) rows.definition = manager.definition;
            // A constant of the class (choices, limits) is no manager.
            const bool by_name =
                name == "objects" || name.ends_with("objects") || manager.name.ends_with("Manager");
            if (!manager.is_class() && !by_name) {
              State fresh;
              return evaluate(own.child(Field::right), fresh);
            }
          }
          return std::make_shared<const Value>(std::move(rows));
        }
      }
      if (Ref found = method(of->definition, name)) return found;
      const Node own = program().attribute(of->definition, name);
      if (own.is(Kind::assignment)) return class_value(own);
      if (own.is(Kind::class_definition)) return type_of(std::string(name), own);
      return external(of->name + "." + std::string(name), node);
    }
    case Value::Kind::object: {
      const Object* known = object(of, state);
      if (known == nullptr) return unknown("an object that is gone", node);
      if (Ref value = known->get(name)) return value;
      const Object copy = *known;
      if (copy.definition) {
        if (const Node getter = getter_of(copy.definition, name, program())) {
          return invoke(*bound(getter, of), {}, node, state);
        }
      }
      if (Ref value = row_attribute(of, copy, name, node, state)) return value;
      if (Ref value = view_attribute(of, copy, name, node, state)) return value;
      if (!copy.definition) {
        return unknown("." + std::string(name) + " of " + copy.type, node);
      }
      if (role(copy.definition) == ClassRole::form &&
          (name == "cleaned_data" || name == "instance" || name == "errors")) {
        validate_form(of, node, state);
        if (Ref value = object(of, state)->get(name)) return value;
      }
      if (role(copy.definition) == ClassRole::serializer && name != "context") {
        validate_serializer(of, node, state);
        if (Ref value = object(of, state)->get(name)) return value;
      }
      if (name == "data" || name == "initial_data") return input(Source::typed, "", node);
      if (Ref found = method(copy.definition, name)) return bound(found->definition, of);
      const Node own = program().attribute(copy.definition, name);
      if (own.is(Kind::assignment)) return class_value(own);
      return unknown("." + std::string(name) + " of " + copy.type, node);
    }
    case Value::Kind::rows:
      if (name == "model") {
        const Model* model = project_.models.find(of->name);
        if (model != nullptr) return type_of(model->qualified, model->definition);
      }
      return of;
    case Value::Kind::callable:
    case Value::Kind::parent:
      return unknown("." + std::string(name) + " of a function", node);
    default:
      return data_attribute(*this, of, name, node, state);
  }
}

void Machine::set_attribute(const Ref& of, const std::string& name, const Ref& value, Node node,
                            State& state) {
  for (const auto& one : alternatives(of)) {
    if (one->is(Value::Kind::external) && one->definition.is(Kind::module)) {
      rebind(one->definition.tree(), name, value, state);
      continue;
    }
    if (one->is(Value::Kind::type)) {
      if (const Node own = program().attribute(one->definition, name); own.is(Kind::assignment))
        rebind(own.tree(), class_name_of(own, name), value, state);
      continue;
    }
    const Object* known = object(one, state);
    if (known == nullptr) continue;
    if (known->definition) {
      if (const Node setter = setter_of(known->definition, name, program())) {
        Arguments arguments;
        arguments.positional.push_back(value);
        invoke(*bound(setter, one), arguments, node, state);
        continue;
      }
    }
    Object* changed = writable(one, state);
    changed->attributes[name] = value;
    const bool past_forms = value->is_input(Source::typed) && value->flaws.empty();
    if (past_forms && changed->definition && model_of(changed->definition) != nullptr) {
      flow_.unchecked.emplace(changed->type + "." + name, root_);
    }
    if (is_entry(*changed) && name == secret_field()) changed->assigned = node;
  }
}

Ref Machine::item(const Ref& of, const Ref& index, Node node, State& state) {
  if (of->is(Value::Kind::choice)) {
    std::vector<Ref> results;
    for (const auto& one : of->parts) {
      if (truth(one, state) != false) results.push_back(item(one, index, node, state));
    }
    return choice_of(results);
  }
  if (of->is(Value::Kind::rows)) {
    const Model* model = project_.models.find(of->name);
    if (model != nullptr) return new_row(*model, true, node, state);
  }
  if (of->is(Value::Kind::external)) {
    if (of->name == "os.environ") {
      return input(Source::environment, index->literal.text, node);
    }
    return external(of->name + "[]", node);
  }
  const Object* known = object(of, state);
  if (known == nullptr) return data_item(*this, of, index, node, state);
  const std::string key = key_name(index);
  if (!key.empty()) {
    if (Ref value = known->get(key)) return value;
  }
  Ref other = known->get("[]");
  if (other && other->is_input(Source::typed) && other->name.empty()) {
    return data_item(*this, other, index, node, state);
  }
  if (key.empty()) {
    const Ref by = flat(index, state);
    const bool table = known->type == "dict" || known->type == "list" || known->type == "tuple";
    const bool letters = other && (other->is_data() || other->is(Value::Kind::external));
    const bool filled = other && (!letters || other->has(Trait::varies));
    if (table && !filled && by->has(Trait::foreign)) {
      return made(Op::toy, "substitution", {by}, node);
    }
    if (!other || known->attributes.size() > 1) return element(of, node, state);
  }
  if (other) return other;
  if (known->definition && role(known->definition) == ClassRole::form) {
    return input(Source::typed, index->literal.text, node);
  }
  return unknown("an item that is not there", node);
}

void Machine::set_item(const Ref& of, const Ref& index, const Ref& value, Node node, State& state) {
  for (const auto& one : alternatives(of)) {
    if (one->is_input(Source::session)) {
      Ref& kept = flow_.session[index->literal.text];
      kept = kept ? choice_of({kept, flat(value, state)}) : flat(value, state);
      continue;
    }
    Object* changed = writable(one, state);
    if (changed == nullptr) continue;
    const std::string key = key_name(index);
    if (!key.empty()) {
      changed->attributes[key] = value;
      continue;
    }
    Ref& rest = changed->attributes["[]"];
    rest = rest ? choice_of({rest, value}) : value;
  }
  (void)node;
}

Ref Machine::element(const Ref& of, Node node, State& state) {
  if (of->is(Value::Kind::choice)) {
    std::vector<Ref> results;
    for (const auto& one : of->parts) {
      if (truth(one, state) != false) results.push_back(element(one, node, state));
    }
    return choice_of(results);
  }
  if (of->is(Value::Kind::rows)) {
    const Model* model = project_.models.find(of->name);
    if (model == nullptr) return unknown("a row of " + of->name, node);
    const Ref row = new_row(*model, true, node, state);
    writable(row, state)->looped = of;
    return row;
  }
  if (const Object* known = object(of, state)) {
    std::vector<Ref> results;
    for (const auto& [name, value] : known->attributes) {
      if (name.starts_with("[")) results.push_back(value);
    }
    return results.empty() ? unknown("an item of an empty list", node) : choice_of(results);
  }
  if (of->is_input(Source::typed) && of->name.empty()) return input(Source::typed, "?", node);
  if (of->is(Value::Kind::constant)) return constant_text("?", node);
  if (of->made_by(Op::text) && of->name == "items") {
    // (key, value) of a dict whose keys are not known.
    const Ref pair = make_object("tuple", {}, node, state);
    const Ref value = of->parts.empty() ? unknown("", node) : element(of->parts[0], node, state);
    set_item(pair, constant_text("?"), value, node, state);
    writable(pair, state)->attributes = {{"[0]", input(Source::other, "a key", node)},
                                         {"[1]", value}};
    return pair;
  }
  return made(Op::text, "element", {flat(of, state)}, node);
}

}  // namespace grader::project::flow
