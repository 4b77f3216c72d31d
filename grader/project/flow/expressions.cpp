#include <algorithm>

#include "grader/project/flow/machine.hpp"
#include "grader/python/names.hpp"

namespace grader::project::flow {

using python::Field;
using python::Kind;
using python::Node;

namespace {

constexpr std::size_t most_items = 64;

/// Children that are expressions.
std::vector<Node> expressions_of(Node node) {
  std::vector<Node> result;
  for (const Node child : node.children()) {
    if (child.is(Kind::comment) || child.is(Kind::token) || child.is(Kind::type_conversion) ||
        child.is(Kind::format_specifier)) {
      continue;
    }
    if (result.size() < most_items) result.push_back(child);
  }
  return result;
}

bool has_interpolation(Node string) { return static_cast<bool>(string.child(Kind::interpolation)); }

Ref string_value(Machine& machine, Node node, State& state) {
  if (!has_interpolation(node)) return constant(python::evaluate(node, nullptr), node);
  std::vector<Ref> parts;
  for (const Node child : node.children()) {
    if (child.is(Kind::interpolation)) {
      parts.push_back(machine.flat(machine.evaluate(child.child(Field::expression), state), state));
    } else if (child.is(Kind::string_content)) {
      parts.push_back(constant_text(std::string(child.text()), child));
    }
  }
  return made(Op::text, "format", std::move(parts), node);
}

bool is_known_constant(const Ref& value) {
  return value->is(Value::Kind::constant) && value->literal.known();
}

bool is_number(const Ref& value) {
  return value->is(Value::Kind::constant) && (value->literal.type == python::Value::Type::integer ||
                                              value->literal.type == python::Value::Type::real);
}

/// "a" + "b" of two constants.
Ref constant_sum(const Ref& left, const Ref& right, Node node) {
  if (!is_known_constant(left) || !is_known_constant(right)) return nullptr;
  if (left->literal.type != right->literal.type) return nullptr;
  if (left->literal.type != python::Value::Type::string &&
      left->literal.type != python::Value::Type::bytes) {
    return nullptr;
  }
  python::Value sum = left->literal;
  sum.text += right->literal.text;
  return constant(std::move(sum), node);
}

Ref binary(Machine& machine, Node node, State& state) {
  const Ref left = machine.evaluate(node.child(Field::left), state);
  const Ref right = machine.evaluate(node.child(Field::right), state);
  const auto sign = node.child(Field::operator_).text();
  if (left->is(Value::Kind::rows) && right->is(Value::Kind::rows)) return left;
  if (sign == "+") {
    if (Ref sum = constant_sum(left, right, node)) return sum;
  }
  if (is_known_constant(left) && is_known_constant(right)) {
    const auto folded = python::evaluate(node, nullptr);
    if (folded.known()) return constant(folded, node);
  }
  std::vector<Ref> parts{machine.flat(left, state), machine.flat(right, state)};
  const bool foreign = parts[0]->has(Trait::varies) || parts[1]->has(Trait::varies);
  const auto is_index = [](const Ref& value) {
    return value->made_by(Op::text) && value->name == "element";
  };
  Op op = Op::text;
  if (sign == "^" && foreign) {
    op = Op::toy;
  } else if (parts[0]->has(Trait::ordinal) || parts[1]->has(Trait::ordinal)) {
    op = Op::ordinal;
  } else if ((is_number(left) && is_index(right)) || (is_number(right) && is_index(left))) {
    // Bytes of foreign data: b + 3.
    op = Op::ordinal;
  }
  return made(op, op == Op::toy ? "XOR" : std::string(sign), std::move(parts), node);
}

Ref boolean_operator(Machine& machine, Node node, State& state) {
  const Ref left = machine.evaluate(node.child(Field::left), state);
  const bool is_or = node.child(Field::operator_).text() == "or";
  const auto known = machine.truth(left, state);
  if (known == is_or) return left;
  const Ref right = machine.evaluate(node.child(Field::right), state);
  if (known.has_value()) return right;
  std::vector<Ref> result;
  for (const auto& one : alternatives(left)) {
    // The side that decides: of `or` what is true, of `and` what is false.
    if (is_or && machine.truth(one, state) != false) result.push_back(one);
  }
  result.push_back(right);
  if (!is_or) result.push_back(boolean(false, node));
  return choice_of(result);
}

Ref conditional(Machine& machine, Node node, State& state) {
  const auto parts = expressions_of(node);
  if (parts.size() != 3) return unknown("a conditional expression that does not parse", node);
  const auto outcome = machine.condition(parts[1], state);
  if (outcome == true) return machine.evaluate(parts[0], state);
  if (outcome == false) return machine.evaluate(parts[2], state);
  State yes = machine.fork(state);
  State no = machine.fork(state);
  machine.assume(parts[1], true, yes);
  machine.assume(parts[1], false, no);
  const Ref first = machine.evaluate(parts[0], yes);
  const Ref second = machine.evaluate(parts[2], no);
  const Names names = state.names;
  state = join(std::move(yes), std::move(no));
  state.names = names;
  return choice_of({first, second});
}

Ref sequence(Machine& machine, Node node, State& state) {
  const Ref list = machine.make_object(node.is(Kind::tuple) ? "tuple" : "list", {}, node, state);
  std::size_t number = 0;
  for (const Node child : expressions_of(node)) {
    if (child.is(Kind::list_splat)) {
      const Ref inner = machine.evaluate(*child.children().begin(), state);
      machine.set_item(list, unknown(""), machine.element(inner, child, state), child, state);
      continue;
    }
    const Ref value = machine.evaluate(child, state);
    if (Object* object = machine.writable(list, state)) {
      object->attributes["[" + std::to_string(number++) + "]"] = value;
    }
  }
  return list;
}

void add_entries(Machine& machine, const Ref& dict, const Ref& from, Node node, State& state) {
  const Object* source = machine.object(from, state);
  if (source == nullptr) {
    machine.set_item(dict, unknown(""), from, node, state);
    return;
  }
  const Names entries = source->attributes;
  Object* object = machine.writable(dict, state);
  for (const auto& [name, value] : entries) {
    if (name.starts_with("[")) object->attributes[name] = value;
  }
}

Ref dictionary(Machine& machine, Node node, State& state) {
  const Ref dict = machine.make_object("dict", {}, node, state);
  for (const Node child : expressions_of(node)) {
    if (child.is(Kind::dictionary_splat)) {
      add_entries(machine, dict, machine.evaluate(*child.children().begin(), state), child, state);
    } else if (child.is(Kind::pair)) {
      const Ref key = machine.evaluate(child.child(Field::key), state);
      const Ref value = machine.evaluate(child.child(Field::value), state);
      machine.set_item(dict, key, value, child, state);
    }
  }
  return dict;
}

Ref comprehension(Machine& machine, Node node, State& state) {
  State inner = machine.fork(state);
  bool over_rows = false;
  for (const Node clause : node.children()) {
    if (clause.is(Kind::for_in_clause)) {
      const Ref source = machine.evaluate(clause.child(Field::right), inner);
      over_rows = over_rows || source->is(Value::Kind::rows);
      machine.assign(clause.child(Field::left), machine.element(source, clause, inner), inner);
    } else if (clause.is(Kind::if_clause)) {
      for (const Node test : clause.children()) machine.condition(test, inner);
    }
  }
  const Node body = node.child(Field::body);
  const bool dict = node.is(Kind::dictionary_comprehension);
  const Ref result = machine.make_object(dict ? "dict" : "list", {}, node, inner);
  const Ref value = machine.evaluate(dict ? body.child(Field::value) : body, inner);
  machine.set_item(result, unknown(""), value, node, inner);
  inner.names = state.names;
  state = std::move(inner);
  return result;
}

Ref lambda_value(Node node, const State& state) {
  Value value;
  value.kind = Value::Kind::callable;
  value.name = "lambda";
  value.definition = node;
  value.node = node;
  value.closure = std::make_shared<const Names>(state.names);
  return std::make_shared<const Value>(std::move(value));
}

Ref subscript(Machine& machine, Node node, State& state) {
  const Ref of = machine.evaluate(node.child(Field::value), state);
  const Node index = node.child(Field::subscript);
  if (!index.is(Kind::slice)) {
    return machine.item(of, machine.evaluate(index, state), node, state);
  }
  if (of->is(Value::Kind::rows)) return of;
  if (machine.object(of, state) != nullptr) return of;
  std::string text(index.text());
  std::erase(text, ' ');
  const Op op = text == "::-1" ? Op::toy : Op::text;
  return made(op, op == Op::toy ? "reversal" : "slice", {machine.flat(of, state)}, node);
}

}  // namespace

Ref Machine::evaluate(Node node, State& state) {
  if (!node) return none_value();
  if (!spend()) return unknown("the code is too long to be followed", node);
  switch (node.kind()) {
    case Kind::identifier: {
      const auto local = state.names.find(node.text());
      return local != state.names.end() ? local->second : unbound(node);
    }
    case Kind::string:
      return string_value(*this, node, state);
    case Kind::concatenated_string: {
      std::vector<Ref> parts;
      for (const Node child : expressions_of(node)) parts.push_back(evaluate(child, state));
      Ref sum = parts.empty() ? constant_text("") : parts.front();
      for (std::size_t i = 1; i < parts.size(); ++i) {
        const Ref folded = constant_sum(sum, parts[i], node);
        sum = folded ? folded : made(Op::text, "+", {sum, parts[i]}, node);
      }
      return sum;
    }
    case Kind::integer:
    case Kind::float_:
    case Kind::true_:
    case Kind::false_:
    case Kind::none:
      return constant(python::evaluate(node, nullptr), node);
    case Kind::attribute:
      return attribute(evaluate(node.child(Field::object), state),
                       node.child(Field::attribute).text(), node, state);
    case Kind::subscript:
      return subscript(*this, node, state);
    case Kind::call:
      return call(node, state);
    case Kind::binary_operator:
      return binary(*this, node, state);
    case Kind::boolean_operator:
      return boolean_operator(*this, node, state);
    case Kind::not_operator:
    case Kind::comparison_operator: {
      const auto outcome = condition(node, state);
      return outcome ? boolean(*outcome, node) : input(Source::other, "a comparison", node);
    }
    case Kind::conditional_expression:
      return conditional(*this, node, state);
    case Kind::list:
    case Kind::tuple:
    case Kind::set:
    case Kind::expression_list:
      return sequence(*this, node, state);
    case Kind::dictionary:
      return dictionary(*this, node, state);
    case Kind::list_comprehension:
    case Kind::set_comprehension:
    case Kind::generator_expression:
    case Kind::dictionary_comprehension:
      return comprehension(*this, node, state);
    case Kind::lambda:
      return lambda_value(node, state);
    case Kind::parenthesized_expression:
    case Kind::await: {
      const auto inner = expressions_of(node);
      return inner.empty() ? none_value(node) : evaluate(inner.front(), state);
    }
    case Kind::unary_operator: {
      const auto literal = python::evaluate(node, nullptr);
      if (literal.known()) return constant(literal, node);
      return made(Op::text, "-", {flat(evaluate(node.child(Field::argument), state), state)}, node);
    }
    case Kind::named_expression:
    case Kind::assignment: {
      const Node target = node.child(node.is(Kind::assignment) ? Field::left : Field::name);
      const Node right = node.child(node.is(Kind::assignment) ? Field::right : Field::value);
      if (!right) return none_value(node);
      const Ref value = evaluate(right, state);
      assign(target, value, state);
      return value;
    }
    case Kind::yield: {
      const auto inner = expressions_of(node);
      if (!inner.empty() && !frames_.empty()) {
        frames_.back().yields.push_back(evaluate(inner.front(), state));
      }
      return unknown("what is sent to a generator", node);
    }
    default:
      return unknown("this kind of expression is not followed", node);
  }
}

void Machine::assign(Node target, const Ref& value, State& state) {
  switch (target.kind()) {
    case Kind::identifier:
      state.names[std::string(target.text())] = value;
      if (is_global(target.text())) rebind(target.tree(), target.text(), value, state);
      return;
    case Kind::attribute:
      set_attribute(evaluate(target.child(Field::object), state),
                    std::string(target.child(Field::attribute).text()), value, target, state);
      return;
    case Kind::subscript:
      set_item(evaluate(target.child(Field::value), state),
               evaluate(target.child(Field::subscript), state), value, target, state);
      return;
    case Kind::pattern_list:
    case Kind::tuple_pattern:
    case Kind::list_pattern:
    case Kind::tuple:
    case Kind::list: {
      python::Value number;
      number.type = python::Value::Type::integer;
      for (const Node child : expressions_of(target)) {
        assign(child, item(value, constant(number), target, state), state);
        ++number.number;
      }
      return;
    }
    case Kind::list_splat_pattern:
      assign(*target.children().begin(), value, state);
      return;
    default:
      return;
  }
}

Arguments Machine::arguments(Node call, State& state) {
  Arguments result;
  const Node list = call.child(Field::arguments);
  if (list.is(Kind::generator_expression)) {
    result.positional.push_back(evaluate(list, state));
    return result;
  }
  for (const Node argument : list.children()) {
    if (argument.is(Kind::comment)) continue;
    if (result.positional.size() + result.named.size() > most_items) break;
    if (argument.is(Kind::keyword_argument)) {
      result.named.emplace_back(argument.child(Field::name).text(),
                                evaluate(argument.child(Field::value), state));
    } else if (argument.is(Kind::dictionary_splat)) {
      result.rest = evaluate(*argument.children().begin(), state);
    } else if (argument.is(Kind::list_splat)) {
      const Ref list_value = evaluate(*argument.children().begin(), state);
      const Object* items = object(list_value, state);
      for (int i = 0; items != nullptr; ++i) {
        const Ref one = items->get("[" + std::to_string(i) + "]");
        if (!one) break;
        result.positional.push_back(one);
      }
      if (items == nullptr || items->attributes.contains("[]")) {
        result.positional.push_back(element(list_value, argument, state));
      }
    } else {
      result.positional.push_back(evaluate(argument, state));
    }
  }
  return result;
}

Ref Arguments::named_as(std::string_view name) const {
  for (const auto& [key, value] : named) {
    if (key == name) return value;
  }
  return nullptr;
}

Ref Arguments::at(std::size_t position) const {
  return position < positional.size() ? positional[position] : nullptr;
}

Ref Arguments::get(std::string_view name, std::size_t position) const {
  if (Ref value = named_as(name)) return value;
  return at(position);
}

}  // namespace grader::project::flow
