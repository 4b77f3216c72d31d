#include "grader/project/flow/value.hpp"

#include <algorithm>
#include <set>
#include <utility>

namespace grader::project::flow {
namespace {

constexpr int deepest = 150;
constexpr std::size_t most_alternatives = 8;

using python::Node;

int depth_of(const std::vector<Ref>& parts, const Ref& key = {}) {
  int depth = key ? key->depth : 0;
  for (const auto& part : parts) depth = std::max(depth, part->depth);
  return depth + 1;
}

std::uint16_t traits_of(const Value& value) {
  switch (value.kind) {
    case Value::Kind::unknown:
      return Trait::varies;
    case Value::Kind::object:
      return Trait::object;
    case Value::Kind::input:
      switch (value.source) {
        case Source::typed:
          return Trait::foreign | Trait::varies | Trait::typed;
        case Source::parameter:
          return Trait::foreign | Trait::varies;
        case Source::random:
          return Trait::random | Trait::varies;
        case Source::row:
          return Trait::stored | Trait::varies;
        default:
          return Trait::varies;
      }
    case Value::Kind::made:
      if (value.op == Op::ordinal) return Trait::ordinal | Trait::made;
      if (value.op == Op::cipher || value.op == Op::hash) return Trait::changed | Trait::made;
      return Trait::made;
    default:
      return 0;
  }
}

bool visit_parts(const Ref& value, const std::function<bool(const Value&)>& visit,
                 std::set<const Value*>& seen) {
  if (!value || !seen.insert(value.get()).second) return false;
  if (visit(*value)) return true;
  return std::ranges::any_of(value->parts,
                             [&](const Ref& part) { return visit_parts(part, visit, seen); });
}

}  // namespace

Ref finished(Value value) {
  value.depth = depth_of(value.parts, value.key);
  if (value.depth > deepest) return unknown("it is put together in too many steps", value.node);
  value.holds = traits_of(value);
  for (const auto& part : value.parts) value.holds |= part->holds;
  return std::make_shared<const Value>(std::move(value));
}

Ref unknown(std::string why, Node node) {
  Value value;
  value.name = std::move(why);
  value.node = node;
  value.holds = Trait::varies;
  return std::make_shared<const Value>(std::move(value));
}

Ref constant(python::Value literal, Node node) {
  Value value;
  value.kind = Value::Kind::constant;
  value.literal = std::move(literal);
  value.node = node;
  return std::make_shared<const Value>(std::move(value));
}

Ref constant_text(std::string text, Node node) {
  python::Value literal;
  literal.type = python::Value::Type::string;
  literal.text = std::move(text);
  return constant(std::move(literal), node);
}

Ref none_value(Node node) {
  python::Value literal;
  literal.type = python::Value::Type::none;
  return constant(std::move(literal), node);
}

Ref boolean(bool truth, Node node) {
  python::Value literal;
  literal.type = python::Value::Type::boolean;
  literal.number = truth ? 1 : 0;
  return constant(std::move(literal), node);
}

Ref input(Source source, std::string name, Node node, std::vector<Ref> parts) {
  Value value;
  value.kind = Value::Kind::input;
  value.source = source;
  value.name = std::move(name);
  value.node = node;
  value.parts = std::move(parts);
  return finished(std::move(value));
}

Ref checked_input(std::string name, Node node) {
  Value value = *input(Source::typed, std::move(name), node);
  value.flaws = {"checked"};
  return finished(std::move(value));
}

Ref external(std::string qualified_name, Node node) {
  Value value;
  value.kind = Value::Kind::external;
  value.name = std::move(qualified_name);
  value.node = node;
  return std::make_shared<const Value>(std::move(value));
}

Ref type_of(std::string qualified_name, Node definition) {
  Value value;
  value.kind = Value::Kind::type;
  value.name = std::move(qualified_name);
  value.definition = definition;
  value.node = definition;
  return std::make_shared<const Value>(std::move(value));
}

Ref made(Op op, std::string algorithm, std::vector<Ref> parts, Node node) {
  Value value;
  value.kind = Value::Kind::made;
  value.op = op;
  value.name = std::move(algorithm);
  value.parts = std::move(parts);
  value.node = node;
  return finished(std::move(value));
}

Ref ciphered(Op op, std::string algorithm, Ref data, Ref key, std::vector<std::string> flaws,
             Node node) {
  Value value;
  value.kind = Value::Kind::made;
  value.op = op;
  value.name = std::move(algorithm);
  value.parts = {std::move(data)};
  value.key = std::move(key);
  value.flaws = std::move(flaws);
  value.node = node;
  return finished(std::move(value));
}

Ref choice_of(const std::vector<Ref>& values) {
  std::vector<Ref> flat;
  for (const auto& value : values) {
    for (const auto& one : alternatives(value)) {
      if (flat.size() >= most_alternatives) break;
      const bool known =
          std::ranges::any_of(flat, [&](const Ref& other) { return same(one, other); });
      if (!known) flat.push_back(one);
    }
  }
  if (flat.empty()) return none_value();
  if (flat.size() == 1) return flat.front();
  Value value;
  value.kind = Value::Kind::choice;
  value.parts = std::move(flat);
  value.node = value.parts.front()->node;
  return finished(std::move(value));
}

std::vector<Ref> alternatives(const Ref& value) {
  if (!value) return {};
  if (value->is(Value::Kind::choice)) return value->parts;
  return {value};
}

bool same(const Ref& a, const Ref& b) {
  if (a == b) return true;
  if (!a || !b || a->kind != b->kind) return false;
  switch (a->kind) {
    case Value::Kind::constant:
      return a->literal.type == b->literal.type && a->literal.text == b->literal.text &&
             a->literal.number == b->literal.number && a->literal.items.empty() &&
             b->literal.items.empty() && a->literal.entries.empty() && b->literal.entries.empty();
    case Value::Kind::input:
      return a->source == b->source && a->name == b->name &&
             (a->source != Source::random || a->node == b->node);
    case Value::Kind::object:
      return a->id == b->id;
    case Value::Kind::external:
    case Value::Kind::type:
      return a->name == b->name;
    case Value::Kind::unknown:
      return a->node == b->node && a->name == b->name;
    default:
      return false;
  }
}

bool any_part(const Ref& value, const std::function<bool(const Value&)>& visit) {
  std::set<const Value*> seen;
  return visit_parts(value, visit, seen);
}

}  // namespace grader::project::flow
