#include "grader/project/flow/data.hpp"

#include <algorithm>
#include <array>
#include <initializer_list>

#include "grader/project/flow/machine.hpp"

namespace grader::project::flow {

using python::Node;

namespace {

bool one_of(std::string_view name, std::initializer_list<std::string_view> names) {
  return std::ranges::find(names, name) != names.end();
}

/// A list whose items are all this.
Ref list_of(Machine& machine, const Ref& value, Node node, State& state) {
  const Ref list = machine.make_object("list", {}, node, state);
  machine.writable(list, state)->attributes["[]"] = value;
  return list;
}

Ref pair_of(Machine& machine, const Ref& first, const Ref& second, Node node, State& state) {
  const Ref pair = machine.make_object("tuple", {}, node, state);
  machine.writable(pair, state)->attributes = {{"[0]", first}, {"[1]", second}};
  return pair;
}

Ref text_of(Machine& machine, std::string name, const Arguments& given, Node node,
            const State& state, const Ref& of = nullptr) {
  std::vector<Ref> parts;
  if (of) parts.push_back(machine.flat(of, state));
  for (const auto& value : given.positional) parts.push_back(machine.flat(value, state));
  for (const auto& [key, value] : given.named) parts.push_back(machine.flat(value, state));
  return made(Op::text, std::move(name), std::move(parts), node);
}

/// str(), bytes() and their like: the same data.
Ref converted(Machine& machine, std::string_view name, const Arguments& given, Node node,
              State& state) {
  const Ref value = given.at(0);
  if (!value) return constant_text("", node);
  const Ref data = machine.flat(value, state);
  if (data->has(Trait::ordinal) && (name == "bytes" || name == "bytearray" || name == "chr")) {
    return made(Op::toy, "shifted characters", {data}, node);
  }
  return data;
}

Ref container_builtin(Machine& machine, std::string_view name, const Arguments& given, Node node,
                      State& state) {
  const Ref first = given.at(0);
  if (name == "dict") {
    const Ref dict = machine.make_object("dict", {}, node, state);
    for (const Ref& from : {first, given.rest}) {
      const Object* source = from ? machine.object(from, state) : nullptr;
      if (source == nullptr) {
        if (from) machine.set_item(dict, unknown(""), from, node, state);
        continue;
      }
      const Names entries = source->attributes;
      machine.writable(dict, state)->attributes = entries;
    }
    for (const auto& [key, value] : given.named) {
      machine.set_item(dict, constant_text(key), value, node, state);
    }
    return dict;
  }
  if (!first) return machine.make_object("list", {}, node, state);
  if (name == "enumerate") {
    const Ref number = input(Source::other, "a number", node);
    return list_of(machine,
                   pair_of(machine, number, machine.element(first, node, state), node, state), node,
                   state);
  }
  if (name == "zip") {
    const Ref tuple = machine.make_object("tuple", {}, node, state);
    for (std::size_t i = 0; i < given.positional.size(); ++i) {
      const Ref item = machine.element(given.positional[i], node, state);
      machine.writable(tuple, state)->attributes["[" + std::to_string(i) + "]"] = item;
    }
    return list_of(machine, tuple, node, state);
  }
  if (name == "map" && given.at(1)) {
    Arguments inner;
    inner.positional.push_back(machine.element(given.at(1), node, state));
    return list_of(machine, machine.call_value(first, inner, node, state), node, state);
  }
  if (name == "filter" && given.at(1)) return given.at(1);
  if (name == "reversed" && first->is_data()) {
    return made(Op::toy, "reversal", {machine.flat(first, state)}, node);
  }
  return first;
}

Ref object_builtin(Machine& machine, std::string_view name, const Arguments& given, Node node,
                   State& state) {
  const Ref of = given.at(0);
  const Ref key = given.at(1);
  if (!of || !key) return unknown(std::string(name) + "()", node);
  const bool known = key->is(Value::Kind::constant) && key->literal.is_string();
  if (name == "setattr") {
    if (known && given.at(2))
      machine.set_attribute(of, key->literal.text, given.at(2), node, state);
    return none_value(node);
  }
  if (known) return machine.attribute(of, key->literal.text, node, state);
  return unknown("an attribute whose name is computed", node);
}

/// Methods that tell about text without giving it back.
bool asks_about(std::string_view name) {
  return name.starts_with("is") || name.starts_with("check_") || name.starts_with("has_") ||
         one_of(name, {"startswith", "endswith", "count", "exists", "rfind", "keys", "tell", "seek",
                       "close", "match", "search", "fullmatch"});
}

Ref bag_method(Machine& machine, const Ref& of, std::string_view name, const Arguments& given,
               Node node, State& state) {
  if (one_of(name, {"get", "getlist", "pop", "setdefault", "__getitem__"})) {
    return machine.item(of, given.at(0) ? given.at(0) : unknown(""), node, state);
  }
  if (one_of(name, {"dict", "copy"})) return of;
  if (one_of(name, {"items", "lists"})) return made(Op::text, "items", {of}, node);
  if (one_of(name, {"update", "flush", "cycle_key", "set_expiry", "save"})) return none_value(node);
  return nullptr;
}

}  // namespace

std::string path_text(const Ref& value) {
  std::string text;
  any_part(value, [&](const Value& part) {
    if (part.is(Value::Kind::constant) && !part.literal.text.empty()) text = part.literal.text;
    return false;
  });
  return text;
}

Ref Machine::builtin(std::string_view name, const Arguments& given, Node node, State& state) {
  if (one_of(name, {"str", "bytes", "bytearray", "repr", "ascii", "chr", "format", "iter", "hex",
                    "bin", "oct"})) {
    return converted(*this, name, given, node, state);
  }
  if (name == "ord") {
    const Ref value = given.at(0) ? flat(given.at(0), state) : unknown("", node);
    return made(Op::ordinal, "ord", {value}, node);
  }
  if (name == "pow" && given.at(0) && flat(given.at(0), state)->has(Trait::ordinal)) {
    return made(Op::toy, "RSA without padding", {flat(given.at(0), state)}, node);
  }
  if (one_of(name, {"list", "tuple", "set", "frozenset", "sorted", "reversed", "dict", "enumerate",
                    "zip", "map", "filter"})) {
    return container_builtin(*this, name, given, node, state);
  }
  if (one_of(name, {"getattr", "setattr"})) return object_builtin(*this, name, given, node, state);
  if (name == "open" && given.at(0)) {
    return input(Source::file, path_text(flat(given.at(0), state)), node);
  }
  if (name == "next" && given.at(0)) return element(given.at(0), node, state);
  if (name == "input") return input(Source::typed, "input", node);
  if (name == "print") return none_value(node);
  if (one_of(name, {"int", "float", "bool",  "len",        "abs",        "round",   "sum",
                    "min", "max",   "range", "isinstance", "issubclass", "hasattr", "any",
                    "all", "id",    "hash",  "type",       "callable",   "divmod"})) {
    return input(Source::other, std::string(name) + "()", node);
  }
  return unknown(std::string(name) + "()", node);
}

Ref Machine::container_method(const Ref& of, const Object& object, std::string_view name,
                              const Arguments& given, Node node, State& state) {
  const bool dict = object.type == "dict";
  const Ref key = given.at(0);
  if (dict && one_of(name, {"get", "pop", "setdefault"}) && key) {
    const Ref fallback = given.get("default", 1) ? given.get("default", 1) : none_value(node);
    if (name == "setdefault") {
      if (!object.get("[" + key->literal.text + "]")) set_item(of, key, fallback, node, state);
      return item(of, key, node, state);
    }
    const Ref found = item(of, key, node, state);
    if (name == "pop" && key->literal.is_string()) {
      writable(of, state)->attributes.erase("[" + key->literal.text + "]");
    }
    if (found->is(Value::Kind::unknown)) return fallback;
    return found;
  }
  if (dict && name == "items") return made(Op::text, "items", {of}, node);
  if (dict && name == "values") return list_of(*this, element(of, node, state), node, state);
  if (dict && name == "update") {
    const Object* more = key ? this->object(key, state) : nullptr;
    const Names entries = more == nullptr ? Names() : more->attributes;
    Object* changed = writable(of, state);
    for (const auto& [entry, value] : entries) changed->attributes[entry] = value;
    for (const auto& [entry, value] : given.named) changed->attributes["[" + entry + "]"] = value;
    return none_value(node);
  }
  if (name == "copy") {
    const Ref twin = make_object(object.type, object.definition, node, state);
    writable(twin, state)->attributes = object.attributes;
    return twin;
  }
  if (one_of(name, {"append", "add", "insert", "appendleft"})) {
    const Ref value = given.at(name == "insert" ? 1 : 0);
    if (value) set_item(of, unknown(""), value, node, state);
    return none_value(node);
  }
  if (one_of(name, {"extend", "update"}) && key) {
    set_item(of, unknown(""), element(key, node, state), node, state);
    return none_value(node);
  }
  if (name == "pop" || name == "popleft") return element(of, node, state);
  return input(Source::other, std::string(name) + "()", node);
}

Ref Machine::data_method(const Ref& of, std::string_view name, const Arguments& given, Node node,
                         State& state) {
  const bool bag =
      of->is(Value::Kind::input) &&
      (of->source == Source::session || (of->source == Source::typed && of->name.empty()) ||
       (of->source == Source::other && of->name.starts_with("request.")));
  if (bag) {
    if (Ref result = bag_method(*this, of, name, given, node, state)) return result;
  }
  if (one_of(name, {"create", "acreate", "get_or_create", "update_or_create"})) {
    if (Ref row = related_create(of, name, given, node, state)) return row;
  }
  if (asks_about(name)) return input(Source::other, std::string(name) + "()", node);
  if (of->is(Value::Kind::unknown)) {
    const Ref all = text_of(*this, std::string(name), given, node, state);
    if (!all->has(Trait::foreign)) return of;
    return made(Op::unknown, std::string(python::callee(node).text()), all->parts, node);
  }
  if (name == "join") return text_of(*this, "join", given, node, state, of);
  if (one_of(name, {"format", "replace", "ljust", "rjust", "zfill", "center", "joinpath"})) {
    return text_of(*this, std::string(name), given, node, state, of);
  }
  if (name == "translate") return made(Op::toy, "substitution", {of}, node);
  if (name == "hex") return made(Op::encoding, "hex", {of}, node);
  if (one_of(name, {"index", "find"})) {
    const Ref sought = given.at(0) ? flat(given.at(0), state) : unknown("", node);
    if (sought->has(Trait::foreign)) return made(Op::ordinal, "index", {sought}, node);
    return input(Source::other, "an index", node);
  }
  if (one_of(name, {"read_text", "read_bytes"})) return input(Source::file, path_text(of), node);
  if (name == "open") return input(Source::file, path_text(of), node);
  if (name == "write" && of->is_input(Source::file)) return none_value(node);
  // strip(), encode(), lower(), read(), split()…: the same data.
  return of;
}

}  // namespace grader::project::flow
