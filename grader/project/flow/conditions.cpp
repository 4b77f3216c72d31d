#include <algorithm>

#include "grader/project/flow/machine.hpp"

namespace grader::project::flow {

using python::Field;
using python::Kind;
using python::Node;

namespace {

bool is_none(const Ref& value) {
  return value->is(Value::Kind::constant) && value->literal.type == python::Value::Type::none;
}

std::optional<bool> truth_of(const python::Value& literal) {
  switch (literal.type) {
    case python::Value::Type::none:
      return false;
    case python::Value::Type::boolean:
    case python::Value::Type::integer:
      return literal.number != 0;
    case python::Value::Type::string:
    case python::Value::Type::bytes:
      if (literal.partial) return std::nullopt;
      return !literal.text.empty();
    default:
      return std::nullopt;
  }
}

/// The sides and the operator of a comparison with one operator.
struct Comparison {
  Node left, right;
  std::string sign;
};

std::optional<Comparison> comparison_of(Node node) {
  Comparison result;
  int operands = 0;
  for (const Node child : node.children()) {
    if (child.field() == Field::operators) {
      if (!result.sign.empty()) result.sign += ' ';
      result.sign += child.text();
    } else if (operands++ == 0) {
      result.left = child;
    } else {
      result.right = child;
    }
  }
  if (operands != 2) return std::nullopt;
  return result;
}

std::optional<bool> compared(const Machine& machine, const Comparison& comparison, const Ref& left,
                             const Ref& right, const State& state) {
  const bool negative = comparison.sign == "is not" || comparison.sign == "!=";
  if (comparison.sign != "is" && comparison.sign != "==" && !negative) return std::nullopt;
  std::optional<bool> equal;
  if (is_none(right)) {
    if (is_none(left)) equal = true;
    // Rows and other objects are something; so is a row's key once it is stored.
    else if (machine.object(left, state) != nullptr || left->is_input(Source::row))
      equal = false;
    else if (left->is(Value::Kind::constant))
      equal = false;
  } else if (left->is(Value::Kind::constant) && right->is(Value::Kind::constant) &&
             left->literal.known() && right->literal.known()) {
    equal = left->literal.type == right->literal.type &&
            left->literal.text == right->literal.text &&
            left->literal.number == right->literal.number;
  }
  if (!equal) return std::nullopt;
  return *equal != negative;
}

/// Puts `fresh` wherever `old` is bound, so that other names of it know as much.
void replace(State& state, const Ref& old, const Ref& fresh) {
  for (auto& [name, value] : state.names) {
    if (same(value, old)) value = fresh;
  }
}

/// Binds what a condition says to the place it was read from; no setter runs.
void narrow(Machine& machine, Node node, const Ref& value, State& state) {
  if (node.is(Kind::identifier)) {
    state.names[std::string(node.text())] = value;
    return;
  }
  const bool is_attribute = node.is(Kind::attribute);
  const Ref of = machine.evaluate(node.child(is_attribute ? Field::object : Field::value), state);
  std::string name(node.child(Field::attribute).text());
  if (!is_attribute) {
    const auto key = python::evaluate(node.child(Field::subscript), nullptr);
    if (!key.is_string()) return;
    name = "[" + key.text + "]";
  }
  Object* object = of->is(Value::Kind::object) ? machine.writable(of, state) : nullptr;
  if (object != nullptr && object->attributes.contains(name)) object->attributes[name] = value;
}

}  // namespace

std::optional<bool> Machine::truth(const Ref& value, const State& state) const {
  switch (value->kind) {
    case Value::Kind::constant:
      return truth_of(value->literal);
    case Value::Kind::object: {
      const Object* known = object(value, state);
      if (known == nullptr || known->type == "dict" || known->type == "list") return std::nullopt;
      return true;
    }
    case Value::Kind::callable:
    case Value::Kind::type:
      return true;
    case Value::Kind::input:
      if (value->source == Source::row && value->name.ends_with(".pk")) return true;
      return std::nullopt;
    case Value::Kind::choice: {
      const auto first = truth(value->parts.front(), state);
      const bool agreed = std::ranges::all_of(
          value->parts, [&](const Ref& part) { return truth(part, state) == first; });
      return agreed ? first : std::nullopt;
    }
    default:
      return std::nullopt;
  }
}

std::optional<bool> Machine::condition(Node node, State& state) {
  if (node.is(Kind::parenthesized_expression)) return condition(python::unwrapped(node), state);
  if (node.is(Kind::not_operator)) {
    const auto inner = condition(node.child(Field::argument), state);
    return inner ? std::optional(!*inner) : std::nullopt;
  }
  if (node.is(Kind::boolean_operator)) {
    const bool is_or = node.child(Field::operator_).text() == "or";
    const auto left = condition(node.child(Field::left), state);
    if (left == is_or) return is_or;
    const auto right = condition(node.child(Field::right), state);
    if (right == is_or) return is_or;
    return left && right ? std::optional(!is_or) : std::nullopt;
  }
  if (node.is(Kind::comparison_operator)) {
    const auto comparison = comparison_of(node);
    if (!comparison) {
      for (const Node child : node.children()) {
        if (child.field() != Field::operators) evaluate(child, state);
      }
      return std::nullopt;
    }
    const Ref left = evaluate(comparison->left, state);
    const Ref right = evaluate(comparison->right, state);
    return compared(*this, *comparison, left, right, state);
  }
  return truth(evaluate(node, state), state);
}

void Machine::assume(Node node, bool outcome, State& state) {
  node = python::unwrapped(node);
  if (node.is(Kind::not_operator)) return assume(node.child(Field::argument), !outcome, state);
  if (node.is(Kind::boolean_operator)) {
    const bool is_or = node.child(Field::operator_).text() == "or";
    if (outcome == is_or) return;
    assume(node.child(Field::left), outcome, state);
    assume(node.child(Field::right), outcome, state);
    return;
  }
  if (node.is(Kind::comparison_operator)) {
    const auto comparison = comparison_of(node);
    if (!comparison) return;
    const auto right = python::evaluate(comparison->right, nullptr);
    const bool empty = right.type == python::Value::Type::none ||
                       (right.is_string() && right.known() && right.text.empty());
    const bool equal = comparison->sign == "is" || comparison->sign == "==";
    const bool different = comparison->sign == "is not" || comparison->sign == "!=";
    if (empty && (equal || different)) assume(comparison->left, equal != outcome, state);
    return;
  }
  const bool place =
      node.is(Kind::identifier) || node.is(Kind::attribute) || node.is(Kind::subscript);
  if (!place) {
    if (!node.is(Kind::call)) return;
    // form.cleaned_data.get('password'): what else holds this value is empty too.
    const Ref value = evaluate(node, state);
    if (!outcome && value->is(Value::Kind::input)) replace(state, value, none_value(node));
    return;
  }
  const Ref value = evaluate(node, state);
  std::vector<Ref> left;
  for (const auto& one : alternatives(value)) {
    const auto known = truth(one, state);
    if (!known || known == outcome) left.push_back(one);
  }
  if (!outcome) std::erase_if(left, [&](const Ref& one) { return !truth(one, state).has_value(); });
  if (!outcome && left.empty()) left.push_back(none_value(node));
  const Ref narrowed = choice_of(left);
  if (left.empty() || same(narrowed, value)) return;
  replace(state, value, narrowed);
  narrow(*this, node, narrowed, state);
}

}  // namespace grader::project::flow
