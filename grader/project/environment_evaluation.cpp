#include "grader/project/environment_evaluation.hpp"

#include <algorithm>

#include "grader/base/text.hpp"

namespace grader::project {

using python::Field;
using python::Kind;
using python::Node;
using python::Value;

namespace {

constexpr int deepest = 40;
constexpr int deepest_call = 2;
constexpr int most_steps = 4'000;
constexpr std::size_t most_bytes = 16U << 20U;

Provided constant(Value value) { return {Origin::constant, std::move(value), {}, {}}; }

/// bool(…), which is true for any text that is not empty, "False" too.
Value python_bool(const Value& value) {
  const auto is = truth(value);
  return is ? boolean_value(*is) : Value();
}

/// The expression that a with statement binds to this name.
Node opened_as(Node with_statement, std::string_view name) {
  for (const Node item : with_statement.child(Kind::with_clause).children()) {
    const Node pattern = item.child(Field::value);
    const Node target = pattern.child(Kind::as_pattern_target);
    if (target && target.text() == name) return *pattern.children().begin();
  }
  return {};
}

}  // namespace

Provided Evaluation::run(Node node) {
  node = python::unwrapped(node);
  if (!node || depth_ >= deepest || ++steps_ > most_steps || bytes_ > most_bytes) return {};
  ++depth_;
  Provided result = of(node);
  --depth_;
  bytes_ += result.value.text.size();
  if (from_environment(result)) {
    result.origin = usable(result.value) ? Origin::environment_with_default : Origin::environment;
  }
  if (!result.value.node) result.value.node = node;
  return result;
}

Provided Evaluation::of(Node node) {
  switch (node.kind()) {
    case Kind::identifier:
      return identifier(node);
    case Kind::attribute:
      return attribute(node);
    case Kind::subscript:
      return subscript(node);
    case Kind::call:
      return call(node);
    case Kind::list:
    case Kind::tuple:
    case Kind::set:
    case Kind::expression_list:
      return list(node);
    case Kind::dictionary:
      return dictionary(node);
    case Kind::string:
    case Kind::concatenated_string:
      return text(node);
    case Kind::comparison_operator:
      return comparison(node);
    case Kind::boolean_operator:
      return boolean(node);
    case Kind::not_operator:
      return negation(node);
    case Kind::conditional_expression:
      return conditional(node);
    case Kind::binary_operator:
      return binary(node);
    case Kind::list_comprehension:
    case Kind::generator_expression:
      return comprehension(node);
    default: {
      Value value = python::evaluate(node, nullptr);
      if (value.known()) return constant(std::move(value));
      return {};
    }
  }
}

// Names.

Provided Evaluation::identifier(Node node) {
  if (arguments_ != nullptr) {
    for (const auto& [name, value] : *arguments_) {
      if (name == node.text()) return value;
    }
  }
  if (names_) {
    if (const Provided* known = names_(node)) return *known;
  }
  const python::Symbol symbol = program_.resolve(node);
  if (symbol.definition.is(Kind::assignment)) return assigned(symbol.definition, node);
  if (symbol) return {};
  return local(node);
}

/// What an assignment gives; one that reads its own name (`x = x or …`) is not followed.
Provided Evaluation::assigned(Node assignment, Node reader) {
  if (assignment.contains(reader)) return {};
  return run(assignment.child(Field::right));
}

/// A name of a function with several assignments, or one that `with … as` binds.
Provided Evaluation::local(Node node) {
  std::optional<Provided> found;
  for (Node scope = node.parent(); scope; scope = scope.parent()) {
    if (scope.is(Kind::with_statement)) {
      if (const Node opened = opened_as(scope, node.text())) return run(opened);
    }
    if (!scope.is(Kind::function_definition)) continue;
    for (const Node inner : scope.child(Field::body).descendants()) {
      if (!inner.is(Kind::assignment) || inner.contains(node)) continue;
      if (inner.child(Field::left).text() != node.text()) continue;
      const Provided value = run(inner.child(Field::right));
      found = found ? either(*found, value) : value;
    }
    break;
  }
  return found.value_or(Provided());
}

Provided Evaluation::attribute(Node node) {
  const python::Symbol symbol = program_.resolve(node);
  if (symbol.definition.is(Kind::assignment) && symbol.definition.child(Field::right)) {
    return assigned(symbol.definition, node);
  }
  if (const auto model = settings_model_field(node, program_)) return from_model(node, *model);
  Provided object = run(node.child(Field::object));
  if (object.origin == Origin::constant) return {};
  object.value = {};
  return object;
}

/// A field of a pydantic settings class: the environment, or its default.
Provided Evaluation::from_model(Node node, Node field) {
  Provided read;
  read.origin = Origin::environment;
  read.variable = node.child(Field::attribute).text();
  std::ranges::transform(read.variable, read.variable.begin(), [](char c) {
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  });
  Node fallback = field.child(Field::right);
  if (fallback.is(Kind::call)) fallback = python::argument(fallback, "default", 0);
  if (fallback) read.value = run(fallback).value;
  return read;
}

// Look-ups and calls.

Provided Evaluation::read(const EnvironmentCall& call) {
  Provided result;
  result.origin = Origin::environment;
  result.variable = call.variable_node ? run(call.variable_node).value.text : call.variable;
  result.cast = call.cast;
  if (call.fallback_node) {
    const Provided fallback = run(call.fallback_node);
    if (fallback.origin == Origin::constant || from_environment(fallback)) {
      result.value = fallback.value;
    }
  } else if (!call.raises) {
    result.value.type = Value::Type::none;
  }
  result.value = converted(result.value, call.cast);
  return result;
}

Provided Evaluation::subscript(Node node) {
  if (const auto read = environment_call(node, program_)) return this->read(*read);
  Provided object = run(node.child(Field::value));
  const Value index = run(node.child(Field::subscript)).value;
  if (object.origin == Origin::constant || object.value.type == Value::Type::dict) {
    if (const Value* entry = index.is_string() ? object.value.find(index.text) : nullptr) {
      return entry->node ? run(entry->node) : constant(*entry);
    }
    return {};
  }
  object.value = {};
  if (from_environment(object) && index.is_string()) object.variable = index.text;
  return object;
}

Provided Evaluation::call(Node node) {
  if (const auto read = environment_call(node, program_)) return this->read(*read);
  const Node function = python::callee(node);
  const std::string name = qualified_or_written(function, program_);
  if (is_generator(name)) return {Origin::generated, {}, {}, {}};
  if (is_file_reader(name)) return {Origin::file, {}, {}, {}};
  const python::Symbol symbol = program_.resolve(function);
  if (symbol.is_function()) return helper(node, symbol.definition);
  if (const auto cast = cast_of_call(name); !cast.empty()) {
    Provided inner = run(python::positional(node, 0));
    inner.value = name == "bool" ? python_bool(inner.value) : converted(inner.value, cast);
    if (from_environment(inner)) inner.cast = cast;
    return inner;
  }
  if (is_transparent(name)) return run(python::positional(node, 0));
  if (function.is(Kind::attribute) && !symbol) return method(node, function);
  return around(node, name);
}

Provided Evaluation::method(Node node, Node function) {
  const auto name = function.child(Field::attribute).text();
  if (name == "read_text" || name == "read_bytes") return {Origin::file, {}, {}, {}};
  Provided object = run(function.child(Field::object));
  const Provided argument = run(python::positional(node, 0));
  if (object.origin == Origin::computed || object.origin == Origin::constant) {
    // "{}".format(os.environ["K"])
    if (weight(argument.origin) > weight(Origin::computed))
      return {argument.origin, {}, argument.variable, {}};
    if (object.origin == Origin::computed) return object;
  }
  if (name == "get" && object.value.type == Value::Type::dict) {
    const Value* entry =
        argument.value.is_string() ? object.value.find(argument.value.text) : nullptr;
    if (entry != nullptr && entry->node) return run(entry->node);
  }
  object.value = called_method(object.value, name, argument.value);
  if (name == "split" && from_environment(object)) object.cast = "list";
  return object;
}

/// A call of a library: what goes in by its arguments is still in what comes out.
Provided Evaluation::around(Node node, const std::string& name) {
  Provided strongest;
  bool constant_argument = false;
  for (const Node argument : node.child(Field::arguments).children()) {
    const Node value =
        argument.is(Kind::keyword_argument) ? argument.child(Field::value) : argument;
    Provided one = run(value);
    constant_argument = constant_argument || one.origin == Origin::constant;
    if (weight(one.origin) > weight(strongest.origin)) strongest = std::move(one);
  }
  strongest.value = {};
  if (const auto cast = use_of_call(name); !cast.empty() && from_environment(strongest)) {
    strongest.cast = cast;
  }
  if (strongest.origin == Origin::computed && constant_argument && is_encoder(name)) {
    strongest.origin = Origin::constant;
  }
  return strongest;
}

/// A function of the submission: what it returns, with these arguments.
Provided Evaluation::helper(Node node, Node definition) {
  if (calls_ >= deepest_call) return {};
  const auto bound = bind(node, definition);
  const auto* outer = std::exchange(arguments_, &bound);
  ++calls_;
  std::optional<Provided> found;
  for (const Node inner : definition.child(Field::body).descendants()) {
    if (!inner.is(Kind::return_statement) || inner.children().empty()) continue;
    if (inner.enclosing(Kind::function_definition) != definition) continue;
    const Provided value = run(*inner.children().begin());
    found = found ? either(*found, value) : value;
  }
  --calls_;
  arguments_ = outer;
  return found.value_or(Provided());
}

Evaluation::Arguments Evaluation::bind(Node node, Node definition) {
  Arguments bound;
  std::size_t position = 0;
  for (const Node parameter : definition.child(Field::parameters).children()) {
    const Node named = parameter.child(Field::name);
    const Node name = parameter.is(Kind::identifier) ? parameter
                      : named                        ? named
                                                     : parameter.child(Kind::identifier);
    if (!name) continue;
    const Node given = python::argument(node, name.text(), position++);
    const Node fallback = parameter.child(Field::value);
    bound.emplace_back(name.text(), given ? run(given) : run(fallback));
  }
  return bound;
}

}  // namespace grader::project
