#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "grader/python/syntax.hpp"

namespace grader::python {

class Program;

/// What an expression is known to be without running it.
struct Value {
  struct Entry;
  enum class Type { unknown, none, boolean, integer, real, string, bytes, list, dict };
  Type type = Type::unknown;
  std::string text;            ///< of string and bytes, escapes undone; of real, as written
  std::int64_t number = 0;     ///< of integer; 1 for True
  bool partial = false;        ///< a string or list of which only some parts are known
  std::vector<Value> items;    ///< of list (also tuple and set)
  std::vector<Entry> entries;  ///< of dict
  Node node;                   ///< the expression, where it is written

  bool known() const { return type != Type::unknown && !partial; }
  bool is_string() const { return type == Type::string; }
  bool is_true() const { return type == Type::boolean && number != 0; }
  bool is_false() const { return type == Type::boolean && number == 0; }
  /// The entry of a dict with this string key, or null.
  const Value* find(std::string_view key) const;
};

/// One key of a dict with its value.
struct Value::Entry {
  Value key;
  Value value;
};

/// Evaluates literals, names bound to them (through `program`, which may be null), string and list
/// concatenation, f-strings, `%` of known parts, str/bytes/int/list/tuple calls. At most 40 levels.
Value evaluate(Node expression, const Program* program);

/// The text between the quotes of a string node without looking at names; f-string parts become
/// "{}".
std::string string_text(Node string);

/// The inner expression of any number of parentheses.
Node unwrapped(Node expression);

/// "a.b.c" of an identifier or attribute chain; empty for anything else.
std::string dotted(Node expression);

/// The called thing of a call, or an absent node.
Node callee(Node call);

/// Positional argument number `position` (from 0) of a call, not counting *args.
Node positional(Node call, std::size_t position);

/// The value of keyword argument `name` of a call.
Node keyword(Node call, std::string_view name);

/// Keyword argument `name`, else positional argument `position`.
Node argument(Node call, std::string_view name, std::size_t position);

}  // namespace grader::python
