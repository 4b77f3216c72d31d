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

constexpr std::size_t deepest_call = 12;
constexpr std::size_t most_calls = 20'000;

bool has_decorator(Node function, std::string_view name) {
  for (const Node decorator : python::decorators(function)) {
    if (decorator.text() == name) return true;
  }
  return false;
}

/// The class in whose body a method stands.
Node owner_of(Node function) {
  const Node owner = function.enclosing(Kind::class_definition);
  const Node outer = function.enclosing(Kind::function_definition);
  return owner && outer && !outer.contains(owner) &&
                 outer.enclosing(Kind::class_definition) == owner
             ? Node()
             : owner;
}

Ref callable(Node function, const Ref& self) {
  Value value;
  value.kind = Value::Kind::callable;
  value.name = python::definition_name(function);
  value.definition = function;
  value.node = function;
  if (self && !has_decorator(function, "staticmethod")) value.parts = {self};
  return std::make_shared<const Value>(std::move(value));
}

/// Last parts of the names that a rule may ask about.
bool is_watched(std::string_view name) {
  static constexpr std::array ends{
      ".execute",  ".executemany", ".executescript", ".raw",
      ".extra",    ".RawSQL",      ".mark_safe",     ".SafeString",
      ".SafeText", ".SafeData",    ".Markup",        ".format_html",
      "s.eval",    "s.exec",       ".system",        ".popen",
      ".loads",    ".load",        ".redirect",      ".HttpResponseRedirect",
      ".print",    ".debug",       ".info",          ".warning",
      ".error",    ".exception",   ".critical",      ".log",
      ".success",  ".add_message", ".urlopen",       ".HttpResponsePermanentRedirect",
      ".pprint",   ".urlretrieve", ".HttpResponse"};
  // Modules all of whose calls may matter: they run programs, draw numbers or fetch addresses.
  static constexpr std::array modules{
      std::string_view("subprocess"), std::string_view("random"),
      std::string_view("requests"),   std::string_view("httpx"),
      std::string_view("aiohttp"),    std::string_view("mechanize"),
      std::string_view("favicon"),    std::string_view("newspaper"),
      std::string_view("selenium"),   std::string_view("mechanicalsoup")};
  const auto module = name.substr(0, name.find('.'));
  if (std::ranges::find(modules, module) != modules.end()) return true;
  return std::ranges::any_of(ends, [&](std::string_view end) { return name.ends_with(end); });
}

/// The name of a parameter, and whether it takes what is left.
struct Parameter {
  std::string name;
  Node fallback;
  enum class Kind : std::uint8_t { plain, rest, named_rest, separator } kind = Kind::plain;
};

Parameter parameter_of(Node node) {
  switch (node.kind()) {
    case Kind::identifier:
      return {std::string(node.text()), {}, Parameter::Kind::plain};
    case Kind::default_parameter:
    case Kind::typed_default_parameter:
      return {std::string(node.child(Field::name).text()), node.child(Field::value),
              Parameter::Kind::plain};
    case Kind::typed_parameter:
      return parameter_of(*node.children().begin());
    case Kind::list_splat_pattern:
      return {std::string(node.child(Kind::identifier).text()), {}, Parameter::Kind::rest};
    case Kind::dictionary_splat_pattern:
      return {std::string(node.child(Kind::identifier).text()), {}, Parameter::Kind::named_rest};
    default:
      return {{}, {}, Parameter::Kind::separator};
  }
}

/// Gives each parameter its argument.
class Binder {
 public:
  Binder(Machine& machine, const Arguments& arguments, Node node, State& state)
      : machine_(machine), arguments_(arguments), node_(node), state_(state) {}

  void run(Node parameters) {
    for (const Node child : parameters.children()) {
      if (child.is(Kind::comment)) continue;
      const Parameter parameter = parameter_of(child);
      switch (parameter.kind) {
        case Parameter::Kind::plain:
          state_.names[parameter.name] = plain(parameter);
          taken_.push_back(parameter.name);
          break;
        case Parameter::Kind::rest:
          rest(parameter.name);
          break;
        case Parameter::Kind::named_rest:
          named_rest(parameter.name);
          break;
        case Parameter::Kind::separator:
          break;
      }
    }
  }

 private:
  Ref plain(const Parameter& parameter) {
    if (Ref named = arguments_.named_as(parameter.name)) return named;
    if (Ref positional = arguments_.at(next_)) {
      ++next_;
      return positional;
    }
    if (const Object* rest = machine_.object(arguments_.rest, state_)) {
      if (Ref value = rest->get("[" + parameter.name + "]")) return value;
    }
    if (parameter.fallback) {
      State fresh;
      return machine_.evaluate(parameter.fallback, fresh);
    }
    if (parameter.name == "request") return machine_.request(node_);
    return input(Source::parameter, parameter.name, node_);
  }

  void rest(const std::string& name) {
    const Ref list = machine_.make_object("tuple", {}, node_, state_);
    Object* object = machine_.writable(list, state_);
    for (std::size_t i = 0; Ref value = arguments_.at(next_); ++i, ++next_) {
      object->attributes["[" + std::to_string(i) + "]"] = value;
    }
    state_.names[name] = list;
  }

  void named_rest(const std::string& name) {
    const Ref dict = machine_.make_object("dict", {}, node_, state_);
    const Object* more = machine_.object(arguments_.rest, state_);
    const Names entries = more == nullptr ? Names() : more->attributes;
    Object* object = machine_.writable(dict, state_);
    for (const auto& [key, value] : entries) object->attributes[key] = value;
    for (const auto& [key, value] : arguments_.named) {
      const bool used = std::ranges::find(taken_, key) != taken_.end();
      if (!used) object->attributes["[" + key + "]"] = value;
    }
    state_.names[name] = dict;
  }

  Machine& machine_;
  const Arguments& arguments_;
  Node node_;
  State& state_;
  std::size_t next_ = 0;
  std::vector<std::string> taken_;
};

}  // namespace

Ref Machine::call(Node node, State& state) {
  const Node function = python::unwrapped(python::callee(node));
  if (function.is(Kind::identifier) && function.text() == "super") return super_object(node);
  if (function.is(Kind::attribute)) {
    const Ref of = evaluate(function.child(Field::object), state);
    const Arguments given = arguments(node, state);
    const auto name = function.child(Field::attribute).text();
    const bool outside = of->is(Value::Kind::external) && !of->definition;
    record_call((outside ? of->name : std::string("?")) + "." + std::string(name), given, node,
                state);
    if (name == "execute") write_by_sql(given, node, state);
    return call_method(of, name, given, node, state);
  }
  const Ref callee = evaluate(function, state);
  const Arguments given = arguments(node, state);
  if (callee->is(Value::Kind::external)) record_call(callee->name, given, node, state);
  return call_value(callee, given, node, state);
}

void Machine::record_call(const std::string& name, const Arguments& given, Node node,
                          const State& state) {
  if (!is_watched(name) || flow_.calls.size() >= most_calls) return;
  FoundCall found;
  found.name = name;
  found.node = node;
  found.root = root_;
  for (const auto& value : given.positional) {
    found.arguments.push_back(flat(value, state));
    found.names.emplace_back();
  }
  for (const auto& [key, value] : given.named) {
    found.arguments.push_back(flat(value, state));
    found.names.push_back(key);
  }
  flow_.calls.push_back(std::move(found));
}

Ref Machine::super_object(Node node) {
  if (frames_.empty() || !frames_.back().self) return unknown("super() outside of a method", node);
  Value value;
  value.kind = Value::Kind::parent;
  value.parts = {frames_.back().self};
  value.definition = frames_.back().owner;
  value.node = node;
  return std::make_shared<const Value>(std::move(value));
}

Ref Machine::call_value(const Ref& function, const Arguments& given, Node node, State& state) {
  switch (function->kind) {
    case Value::Kind::choice: {
      std::vector<Ref> results;
      for (const auto& one : function->parts) {
        results.push_back(call_value(one, given, node, state));
      }
      return choice_of(results);
    }
    case Value::Kind::callable:
      return invoke(*function, given, node, state);
    case Value::Kind::type:
      return instantiate(function, given, node, state);
    case Value::Kind::external:
      return call_external(function->name, given, node, state);
    case Value::Kind::object:
      return call_method(function, "__call__", given, node, state);
    default: {
      std::vector<Ref> parts;
      parts.reserve(given.positional.size());
      for (const auto& value : given.positional) parts.push_back(flat(value, state));
      return made(Op::unknown, std::string(python::callee(node).text()), std::move(parts), node);
    }
  }
}

Ref Machine::call_method(const Ref& of, std::string_view name, const Arguments& given, Node node,
                         State& state) {
  switch (of->kind) {
    case Value::Kind::choice: {
      std::vector<Ref> results;
      for (const auto& one : of->parts) {
        if (truth(one, state) != false) {
          results.push_back(call_method(one, name, given, node, state));
        }
      }
      return choice_of(results);
    }
    case Value::Kind::parent: {
      const Ref self = of->parts.front();
      const Object* known = object(self, state);
      if (known == nullptr) return unknown("super() of something unknown", node);
      const Object copy = *known;
      if (Ref found = method(copy.definition, name, of->definition)) {
        return invoke(*callable(found->definition, self), given, node, state);
      }
      return native_method(self, copy, name, given, node, state);
    }
    case Value::Kind::type: {
      if (Ref found = method(of->definition, name)) {
        const bool for_class = has_decorator(found->definition, "classmethod");
        return invoke(*callable(found->definition, for_class ? of : nullptr), given, node, state);
      }
      const Ref value = attribute(of, name, node, state);
      if (value->is(Value::Kind::external)) {
        return call_external(value->name, given, node, state);
      }
      return call_value(value, given, node, state);
    }
    case Value::Kind::object: {
      const Object* known = object(of, state);
      if (known == nullptr) return unknown("an object that is gone", node);
      const Object copy = *known;
      if (Ref own = copy.get(name); own && !own->is_data()) {
        return call_value(own, given, node, state);
      }
      if (copy.definition) {
        if (Ref found = method(copy.definition, name)) {
          return invoke(*callable(found->definition, of), given, node, state);
        }
      }
      return native_method(of, copy, name, given, node, state);
    }
    case Value::Kind::rows:
      return rows_method(of, name, given, node, state);
    case Value::Kind::external: {
      if (of->definition) {
        return call_value(attribute(of, name, node, state), given, node, state);
      }
      return call_external(of->name + "." + std::string(name), given, node, state);
    }
    default:
      return data_method(of, name, given, node, state);
  }
}

Ref Machine::invoke(const Value& function, const Arguments& given, Node node, State& state) {
  const bool open = std::ranges::any_of(
      frames_, [&](const Frame& frame) { return frame.function == function.definition; });
  if (open || frames_.size() > deepest_call || !spend()) {
    return unknown(open ? "a function that calls itself" : "too many calls inside each other",
                   node);
  }
  Frame frame;
  frame.function = function.definition;
  frame.owner = owner_of(function.definition);
  Arguments all = given;
  if (!function.parts.empty()) {
    frame.self = function.parts.front();
    all.positional.insert(all.positional.begin(), frame.self);
  }
  State inner;
  if (function.closure) inner.names = *function.closure;
  inner.heap = std::move(state.heap);
  inner.writes = std::move(state.writes);
  inner.superseded = std::move(state.superseded);
  Binder(*this, all, node, inner).run(function.definition.child(Field::parameters));
  frames_.push_back(std::move(frame));
  Ref result;
  const Node body = function.definition.child(Field::body);
  if (function.definition.is(Kind::lambda)) {
    result = evaluate(body, inner);
  } else {
    execute_block(body, inner);
    std::vector<Ref> values;
    State after = std::move(inner);
    if (after.alive) values.push_back(none_value(node));
    Frame& done = frames_.back();
    for (auto& [value, way] : done.returns) {
      values.push_back(value);
      way.alive = true;
      way.names.clear();
      after.names.clear();
      after = join(std::move(after), std::move(way));
    }
    if (!done.yields.empty()) {
      const Ref list = make_object("list", {}, node, after);
      for (const auto& value : done.yields) set_item(list, unknown(""), value, node, after);
      values = {list};
      after.alive = true;
    }
    result = values.empty() ? unknown("a function that only raises", node) : choice_of(values);
    inner = std::move(after);
  }
  frames_.pop_back();
  state.heap = std::move(inner.heap);
  state.writes = std::move(inner.writes);
  state.superseded = std::move(inner.superseded);
  state.alive = state.alive && inner.alive;
  return result;
}

Ref Machine::instantiate(const Ref& type, const Arguments& given, Node node, State& state) {
  const Node definition = type->definition;
  if (const Model* model = model_of(definition)) {
    const Ref row = new_row(*model, false, node, state);
    fill_row(row, given, node, state);
    return row;
  }
  const Ref self = make_object(type->name, definition, node, state);
  const ClassRole kind = role(definition);
  if (kind == ClassRole::form) prepare_form(self, given, state);
  if (kind == ClassRole::serializer) prepare_serializer(self, given, state);
  if (Ref init = method(definition, "__init__")) {
    invoke(*callable(init->definition, self), given, node, state);
    state.alive = true;
  } else if (kind == ClassRole::plain) {
    for (const auto& [name, value] : given.named) {
      if (Object* object = writable(self, state)) object->attributes[name] = value;
    }
  }
  return self;
}

Ref Machine::method(Node class_definition, std::string_view name, Node after) {
  bool reached = !after;
  for (const Symbol& symbol : program().linearised(class_definition)) {
    if (!symbol.is_class()) continue;
    if (reached) {
      Node found = python::own_attribute(symbol.definition, name);
      if (found.is(Kind::assignment)) {
        // post = save
        found = program().resolve(found.child(Field::right)).definition;
      }
      if (found.is(Kind::function_definition)) return callable(found, nullptr);
    }
    reached = reached || symbol.definition == after;
  }
  return nullptr;
}

}  // namespace grader::project::flow
