#include <algorithm>
#include <array>

#include "grader/base/text.hpp"
#include "grader/project/tests_found.hpp"
#include "grader/python/literals.hpp"

namespace grader::project {
namespace {

using python::Field;
using python::Kind;
using python::Node;

bool is_constant(Node node) {
  node = python::unwrapped(node);
  return node.is(Kind::integer) || node.is(Kind::string) || node.is(Kind::true_) ||
         node.is(Kind::false_) || node.is(Kind::none) || node.is(Kind::float_);
}

bool is_number(Node node, std::int64_t number) {
  const auto value = python::evaluate(node, nullptr);
  return value.type == python::Value::Type::integer && value.number == number;
}

/// 302, 401, 403, 404 or their names in rest_framework.status.
bool has_refusing_status(Node node) {
  for (const Node inner : node.descendants()) {
    if (inner.is(Kind::integer)) {
      for (const auto status : {"302", "401", "403", "404"}) {
        if (inner.text() == status) return true;
      }
    }
    if (inner.is(Kind::identifier) && inner.text().starts_with("HTTP_")) {
      const auto number = inner.text().substr(5, 3);
      if (number == "302" || number == "401" || number == "403" || number == "404") return true;
    }
  }
  return false;
}

bool has_call(Node node, std::string_view name) {
  return std::ranges::any_of(
      std::vector<Node>(node.descendants().begin(), node.descendants().end()),
      [&](Node inner) { return inner.is(Kind::call) && called_name(inner) == name; });
}

bool mentions(Node node, std::string_view word) {
  return node.text().find(word) != std::string_view::npos;
}

/// len(…) or ….count() against a number.
bool is_count(Node left, Node right) {
  const auto counts = [](Node node) {
    return node.is(Kind::call) && (called_name(node) == "len" || called_name(node) == "count");
  };
  return (counts(left) && right.is(Kind::integer)) || (counts(right) && left.is(Kind::integer));
}

/// A comparison that holds whatever the code does: len(…) >= 0, x == x, 1 == 1.
bool always_holds(std::string_view sign, Node left, Node right) {
  if (!left || !right) return false;
  if (is_constant(left) && is_constant(right)) return true;
  const bool equal = sign == "==" || sign == "is" || sign == ">=" || sign == "<=";
  if (equal && left.text() == right.text()) return true;
  const auto size = [](Node node) {
    return node.is(Kind::call) && (called_name(node) == "len" || called_name(node) == "count");
  };
  if (sign == ">=" && size(left) && is_number(right, 0)) return true;
  if (sign == "<=" && size(right) && is_number(left, 0)) return true;
  return sign == ">" && size(left) && is_number(right, -1);
}

struct Compared {
  Node left;
  std::string sign;
  Node right;
};

Compared parts_of(Node comparison) {
  Compared parts;
  for (const Node child : comparison.children()) {
    if (child.field() == Field::operators) {
      parts.sign += (parts.sign.empty() ? "" : " ") + std::string(child.text());
    } else if (!parts.left) {
      parts.left = child;
    } else {
      parts.right = child;
    }
  }
  return parts;
}

Assertion judged(std::string_view sign, Node left, Node right) {
  Assertion result;
  result.real = !always_holds(sign, left, right);
  const bool status = mentions(left, "status") || mentions(right, "status");
  const auto ok = [](Node node) {
    return is_number(node, 200) || node.text().ends_with("HTTP_200_OK");
  };
  result.status_ok = sign == "==" && status && (ok(left) || ok(right));
  if (sign == "==" || sign == "in") {
    result.redirect = has_refusing_status(left.parent()) && status;
    result.counts = sign == "==" && is_count(left, right);
    result.refusal =
        result.redirect || (result.counts && (is_number(left, 0) || is_number(right, 0)));
    result.unchanged = sign == "==" && !status && !result.counts;
  }
  if (sign == "!=") {
    result.redirect = status && (is_number(left, 200) || is_number(right, 200));
    result.refusal = result.redirect;
    result.unchanged = !status;
  }
  if (sign == "not in" || sign == "is not") result.refusal = sign == "not in";
  if (sign == "is") result.refusal = right.is(Kind::none);
  return result;
}

/// assert EXPRESSION, assertTrue(EXPRESSION), and with `holds` false assertFalse(EXPRESSION).
Assertion of_expression(Node expression, bool holds) {
  expression = python::unwrapped(expression);
  Assertion result;
  result.real = expression && !is_constant(expression);
  if (expression.is(Kind::not_operator)) {
    return of_expression(expression.child(Field::argument), !holds);
  }
  if (expression.is(Kind::boolean_operator)) {
    Assertion both = of_expression(expression.child(Field::left), holds);
    const Assertion right = of_expression(expression.child(Field::right), holds);
    both.real = both.real || right.real;
    both.refusal = both.refusal || right.refusal;
    both.redirect = both.redirect || right.redirect;
    both.status_ok = both.status_ok && right.status_ok;
    return both;
  }
  if (expression.is(Kind::comparison_operator)) {
    auto parts = parts_of(expression);
    if (!holds && parts.sign == "in")
      parts.sign = "not in";
    else if (!holds && parts.sign == "==")
      parts.sign = "!=";
    return judged(parts.sign, parts.left, parts.right);
  }
  const bool exists = has_call(expression, "exists") ||
                      (expression.is(Kind::call) && called_name(expression) == "exists");
  if (exists && holds) result.unchanged = true;
  if (exists && !holds) result.refusal = true;
  return result;
}

Assertion of_raises(Node call) {
  Assertion result;
  result.real = true;
  const std::string_view what = python::positional(call, 0).text();
  result.refusal = text::contains_any(
      what, {"PermissionDenied", "Http404", "DoesNotExist", "NotFound", "NotAuthenticated"});
  return result;
}

Assertion of_method(Node call, std::string_view name) {
  const Node first = python::positional(call, 0);
  const Node second = python::positional(call, 1);
  Assertion result;
  result.real = true;
  if (name == "assertTrue" || name == "assertFalse") {
    return of_expression(first, name == "assertTrue");
  }
  static constexpr std::array signs{
      std::pair(std::string_view("assertEqual"), std::string_view("==")),
      std::pair(std::string_view("assertEquals"), std::string_view("==")),
      std::pair(std::string_view("assertNotEqual"), std::string_view("!=")),
      std::pair(std::string_view("assertIn"), std::string_view("in")),
      std::pair(std::string_view("assertNotIn"), std::string_view("not in")),
      std::pair(std::string_view("assertIs"), std::string_view("is")),
      std::pair(std::string_view("assertGreaterEqual"), std::string_view(">=")),
      std::pair(std::string_view("assertGreater"), std::string_view(">")),
      std::pair(std::string_view("assertLessEqual"), std::string_view("<="))};
  for (const auto& [method, sign] : signs) {
    if (name == method) return judged(sign, first, second);
  }
  if (name == "assertRaises" || name == "assertRaisesMessage") return of_raises(call);
  if (name == "assertIsNone" || name == "assertNotContains") result.refusal = true;
  if (name == "assertRedirects") result.refusal = result.redirect = true;
  if (name == "assertContains" && has_refusing_status(call)) result.refusal = true;
  if (name == "assertQuerysetEqual" || name == "assertQuerySetEqual") result.counts = true;
  if (name == "assertTemplateNotUsed") result.refusal = false;
  return result;
}

}  // namespace

std::string_view called_name(Node call) {
  const Node function = python::callee(call);
  return function.is(Kind::attribute) ? function.child(Field::attribute).text() : function.text();
}

Assertion assertion_of(Node node) {
  Assertion result;
  if (node.is(Kind::assert_statement)) {
    for (const Node child : node.children()) {
      if (child.is(Kind::comment)) continue;
      // A tuple with something in it is always true.
      if (!child.is(Kind::tuple)) result = of_expression(child, true);
      break;
    }
    result.present = true;
    return result;
  }
  if (!node.is(Kind::call)) return {};
  const auto name = called_name(node);
  const std::string whole = python::dotted(python::callee(node));
  if (name.starts_with("assert")) {
    result = of_method(node, name);
  } else if (whole == "pytest.raises") {
    result = of_raises(node);
  } else if (whole == "self.fail" || whole == "pytest.fail") {
    result.real = true;
  } else {
    return {};
  }
  result.present = true;
  return result;
}

}  // namespace grader::project
