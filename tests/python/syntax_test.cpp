#include "grader/python/syntax.hpp"

#include <doctest/doctest.h>

#include "grader/python/literals.hpp"

using namespace grader::python;

namespace {

Node first(const Module& module, Kind kind) {
  for (const Node node : module.root().descendants()) {
    if (node.is(kind)) return node;
  }
  return {};
}

Value value_of(const char* source) {
  static std::vector<Module> kept;
  kept.push_back(Module::parse("a.py", source));
  return evaluate(first(kept.back(), Kind::assignment).child(Field::right), nullptr);
}

}  // namespace

TEST_CASE("nodes know their kind, role, place and neighbours") {
  const Module module = Module::parse("a.py", "import os\n\nx = f(1,\n  y=2)\n");
  const Node assignment = first(module, Kind::assignment);
  CHECK(assignment.line() == 3);
  CHECK(assignment.end_line() == 4);
  CHECK(assignment.child(Field::left).text() == "x");
  const Node call = assignment.child(Field::right);
  CHECK(call.kind() == Kind::call);
  CHECK(positional(call, 0).text() == "1");
  CHECK(keyword(call, "y").text() == "2");
  CHECK_FALSE(keyword(call, "z"));
  CHECK(call.parent() == assignment);
  CHECK(assignment.contains(call));
  CHECK_FALSE(call.contains(assignment));
  CHECK(call.location().end_line == 4);
  CHECK(module.lines(3, 4) == "x = f(1,\n  y=2)");
  CHECK_FALSE(module.first_error());
}

TEST_CASE("an absent node answers emptily") {
  const Node nothing;
  CHECK(nothing.text().empty());
  CHECK(nothing.children().empty());
  CHECK_FALSE(nothing.child(Field::name));
  CHECK(nothing.descendants().begin() == nothing.descendants().end());
}

TEST_CASE("text that does not parse becomes error nodes with a place") {
  const Module module = Module::parse("a.py", "x = 1\ny = = 2\n");
  REQUIRE(module.first_error());
  CHECK(module.first_error().line() == 2);
}

TEST_CASE("100,000 nested parentheses are cut, not followed") {
  const std::string deep = "x = " + std::string(100'000, '(') + std::string(100'000, ')');
  const Module module = Module::parse("a.py", deep);
  CHECK(module.cut());
}

TEST_CASE("literals") {
  CHECK(value_of("x = 'a' 'b'").text == "ab");
  CHECK(value_of("x = r'\\d' + \"\\t\"").text == "\\d\t");
  CHECK(value_of("x = b'k'").type == Value::Type::bytes);
  CHECK(value_of("x = f'{1}b'").partial);
  CHECK(value_of("x = [1, *[2, 3]]").items.size() == 3);
  CHECK(value_of("x = {'a': {'b': 2}}").find("a")->find("b")->number == 2);
  CHECK(value_of("x = not True").is_false());
  CHECK(value_of("x = 60 * 60 * 24").number == 86400);
  CHECK(value_of("x = -0x10").number == -16);
  CHECK(value_of("x = 'a,b'.split(',')").items.size() == 2);
  CHECK_FALSE(value_of("x = g()").known());
}
