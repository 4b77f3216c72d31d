#include "grader/project/live_code.hpp"

#include <algorithm>

#include "grader/python/names.hpp"

namespace grader::project {
namespace {

using python::Field;
using python::Kind;
using python::Node;

constexpr int deepest = 30;

bool leaves(Node statement, int depth);

bool block_leaves(Node block, int depth) {
  return std::ranges::any_of(python::statements(block),
                             [&](Node statement) { return leaves(statement, depth); });
}

/// An if with an else, all of whose branches leave.
bool branches_leave(Node statement, int depth) {
  bool complete = false;
  if (!block_leaves(statement.child(Field::consequence), depth)) return false;
  for (const Node part : statement.children()) {
    const bool other = part.is(Kind::else_clause);
    if (!other && !part.is(Kind::elif_clause)) continue;
    complete = complete || other;
    if (!block_leaves(part.child(other ? Field::body : Field::consequence), depth)) return false;
  }
  return complete;
}

bool leaves(Node statement, int depth) {
  if (depth > deepest) return false;
  if (statement.is(Kind::return_statement) || statement.is(Kind::raise_statement)) return true;
  return statement.is(Kind::if_statement) && branches_leave(statement, depth + 1);
}

}  // namespace

std::string_view live_text(Node definition) {
  const std::string_view whole = definition.text();
  if (!definition.is(Kind::function_definition)) return whole;
  for (const Node statement : python::statements(definition.child(Field::body))) {
    if (leaves(statement, 0)) return whole.substr(0, statement.end() - definition.start());
  }
  return whole;
}

}  // namespace grader::project
