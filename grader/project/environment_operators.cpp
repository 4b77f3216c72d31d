#include <algorithm>

#include "grader/project/environment_evaluation.hpp"

namespace grader::project {

using python::Field;
using python::Kind;
using python::Node;
using python::Value;

namespace {

constexpr std::size_t most_items = 10'000;

Provided constant(Value value) { return {Origin::constant, std::move(value), {}, {}}; }

}  // namespace

Provided Evaluation::negation(Node node) {
  Provided inner = run(node.child(Field::argument));
  const auto is = truth(inner.value);
  inner.value = is ? boolean_value(!*is) : Value();
  return inner;
}

Provided Evaluation::list(Node node) {
  Value whole;
  whole.type = Value::Type::list;
  Provided sum = constant({});
  for (const Node item : node.children()) {
    if (item.is(Kind::comment)) continue;
    const bool spread = item.is(Kind::list_splat);
    Provided one = run(spread ? *item.children().begin() : item);
    if (spread) {
      whole.partial = whole.partial || one.value.type != Value::Type::list;
      whole.items.insert(whole.items.end(), one.value.items.begin(), one.value.items.end());
    } else {
      whole.items.push_back(one.value);
    }
    sum = combined(sum, one, {});
    if (whole.items.size() >= most_items) break;
  }
  sum.value = std::move(whole);
  return sum;
}

Provided Evaluation::dictionary(Node node) {
  Value whole;
  whole.type = Value::Type::dict;
  Provided sum = constant({});
  for (const Node item : node.children()) {
    if (!item.is(Kind::pair)) {
      whole.partial = whole.partial || !item.is(Kind::comment);
      continue;
    }
    Provided value = run(item.child(Field::value));
    whole.entries.emplace_back(run(item.child(Field::key)).value, value.value);
    sum = combined(sum, value, {});
    if (whole.entries.size() >= most_items) break;
  }
  sum.value = std::move(whole);
  return sum;
}

/// A literal, or an f-string with what stands in it.
Provided Evaluation::text(Node node) {
  Value value = python::evaluate(node, nullptr);
  if (value.known()) return constant(std::move(value));
  Provided sum = constant({});
  for (const Node inner : node.descendants()) {
    if (!inner.is(Kind::interpolation)) continue;
    const Provided one = run(inner.child(Field::expression));
    sum = combined(sum, one, {});
  }
  sum.value = std::move(value);
  return sum;
}

Provided Evaluation::comparison(Node node) {
  std::vector<Node> operands;
  std::string sign;
  for (const Node child : node.children()) {
    if (child.field() == Field::operators) {
      sign += (sign.empty() ? "" : " ") + std::string(child.text());
    } else if (!child.is(Kind::comment)) {
      operands.push_back(child);
    }
  }
  if (operands.size() != 2) return {};
  Provided left = run(operands[0]);
  if (is_environ(operands[1], program_)) {
    return {Origin::environment, boolean_value(sign == "not in"), left.value.text, {}};
  }
  const Provided right = run(operands[1]);
  const auto is = compared(left.value, sign, right.value);
  Provided both = combined(left, right, is ? boolean_value(*is) : Value());
  if (from_environment(both)) both.cast = "bool";
  return both;
}

Provided Evaluation::boolean(Node node) {
  const Provided left = run(node.child(Field::left));
  const Provided right = run(node.child(Field::right));
  const auto is = truth(left.value);
  const bool is_or = node.child(Field::operator_).text() == "or";
  if (!is) return is_or ? either(left, right) : combined(left, right, {});
  const Provided& counts = *is == is_or ? left : right;
  if (left.origin == Origin::constant) return counts;
  if (right.origin == Origin::generated && &counts == &right) return combined(left, right, {});
  return combined(left, right, counts.value);
}

Provided Evaluation::conditional(Node node) {
  std::vector<Node> parts;
  for (const Node child : node.children()) {
    if (!child.is(Kind::comment)) parts.push_back(child);
  }
  if (parts.size() != 3) return {};
  const Provided condition = run(parts[1]);
  const auto is = truth(condition.value);
  if (is && condition.origin == Origin::constant) return run(*is ? parts[0] : parts[2]);
  if (!is || !from_environment(condition)) return either(run(parts[0]), run(parts[2]));
  const Provided taken = run(*is ? parts[0] : parts[2]);
  const Provided other = run(*is ? parts[2] : parts[0]);
  return combined(combined(condition, other, {}), taken, taken.value);
}

Provided Evaluation::binary(Node node) {
  const Provided left = run(node.child(Field::left));
  const Provided right = run(node.child(Field::right));
  if (left.origin == Origin::constant && right.origin == Origin::constant) {
    Value whole = python::evaluate(node, &program_);
    if (whole.known()) return constant(std::move(whole));
  }
  Value value;
  const bool plus = node.child(Field::operator_).text() == "+";
  if (plus && left.value.type == Value::Type::list && right.value.type == Value::Type::list) {
    value = left.value;
    value.items.insert(value.items.end(), right.value.items.begin(), right.value.items.end());
  } else if (plus && left.value.is_string() && right.value.is_string()) {
    value = text_value(left.value.text + right.value.text);
  }
  Provided both = combined(left, right, std::move(value));
  if (both.origin == Origin::constant && both.value.type == Value::Type::unknown) {
    both.origin = Origin::computed;
  }
  return both;
}

/// [host.strip() for host in os.environ["HOSTS"].split(",")]
Provided Evaluation::comprehension(Node node) {
  Provided source = run(node.child(Kind::for_in_clause).child(Field::right));
  if (from_environment(source)) source.cast = "list";
  return source;
}

}  // namespace grader::project
