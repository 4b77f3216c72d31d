#include <algorithm>
#include <charconv>

#include "grader/base/text.hpp"
#include "grader/project/environment.hpp"

namespace grader::project {
namespace {

using python::Value;
using Type = Value::Type;

char upper(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; }

bool same(const Value& left, const Value& right) {
  if (left.type == Type::none || right.type == Type::none) return left.type == right.type;
  const auto number = [](const Value& value) {
    return value.type == Type::integer || value.type == Type::boolean;
  };
  if (number(left) && number(right)) return left.number == right.number;
  if (left.type != right.type) return false;
  if (left.type == Type::list) {
    return std::ranges::equal(left.items, right.items, same);
  }
  return left.text == right.text && left.type != Type::dict;
}

bool all_known(const Value& value) {
  return value.known() && std::ranges::all_of(value.items, all_known);
}

Value list_of(std::string_view text, char separator) {
  Value list;
  list.type = Type::list;
  for (const auto part : text::split(text, separator)) {
    list.items.push_back(text_value(std::string(text::trim(part))));
  }
  return list;
}

}  // namespace

Value boolean_value(bool truth) {
  Value value;
  value.type = Type::boolean;
  value.number = truth ? 1 : 0;
  return value;
}

Value text_value(std::string text) {
  Value value;
  value.type = Type::string;
  value.text = std::move(text);
  return value;
}

std::optional<bool> truth(const Value& value) {
  switch (value.type) {
    case Type::none:
      return false;
    case Type::boolean:
    case Type::integer:
      return value.number != 0;
    case Type::string:
    case Type::bytes:
      if (!value.text.empty()) return true;
      return value.partial ? std::optional<bool>() : false;
    case Type::list:
      if (!value.items.empty()) return true;
      return value.partial ? std::optional<bool>() : false;
    case Type::dict:
      return !value.entries.empty();
    case Type::real:
      return value.text.find_first_of("123456789") != std::string::npos;
    case Type::unknown:
      break;
  }
  return std::nullopt;
}

std::optional<bool> text_truth(const Value& value) {
  if (value.type != Type::string) return truth(value);
  if (value.partial) return std::nullopt;
  const std::string word = text::lower(text::trim(value.text));
  for (const auto yes : {"y", "yes", "t", "true", "on", "1", "ok"}) {
    if (word == yes) return true;
  }
  for (const auto no : {"n", "no", "f", "false", "off", "0", ""}) {
    if (word == no) return false;
  }
  return std::nullopt;
}

std::optional<bool> compared(const Value& left, std::string_view sign, const Value& right) {
  if (!all_known(left) || !all_known(right)) return std::nullopt;
  const bool negated = sign == "!=" || sign == "not in" || sign == "is not";
  if (sign == "==" || sign == "!=" || sign == "is" || sign == "is not") {
    return same(left, right) != negated;
  }
  if (sign != "in" && sign != "not in") return std::nullopt;
  if (right.type == Type::list) {
    const bool held =
        std::ranges::any_of(right.items, [&](const auto& item) { return same(left, item); });
    return held != negated;
  }
  if (left.is_string() && right.is_string()) {
    return (right.text.find(left.text) != std::string::npos) != negated;
  }
  return std::nullopt;
}

Value called_method(const Value& value, std::string_view method, const Value& argument) {
  Value result = value;
  if (value.type != Type::string && value.type != Type::bytes) return {};
  if (method == "strip" || method == "rstrip" || method == "lstrip") {
    if (argument.type == Type::unknown) result.text = text::trim(value.text);
  } else if (method == "lower" || method == "casefold") {
    result.text = text::lower(value.text);
  } else if (method == "encode") {
    result.type = Type::bytes;
  } else if (method == "decode") {
    result.type = Type::string;
  } else if (method == "title" || method == "capitalize") {
    if (!result.text.empty()) result.text[0] = upper(result.text[0]);
  } else if (method == "upper") {
    std::ranges::transform(result.text, result.text.begin(), upper);
  } else if (method == "split") {
    if (value.partial) return {};
    const bool given = argument.is_string() && argument.text.size() == 1;
    if (!given && text::trim(value.text).empty()) {
      result = {};
      result.type = Type::list;
      return result;
    }
    return list_of(value.text, given ? argument.text[0] : ' ');
  } else {
    return {};
  }
  return result;
}

Value converted(const Value& value, std::string_view cast) {
  if (cast == "bool") {
    const auto is = text_truth(value);
    return is ? boolean_value(*is) : Value();
  }
  if (cast == "int") {
    if (value.type == Type::boolean || value.type == Type::integer) {
      Value number = value;
      number.type = Type::integer;
      return number;
    }
    Value number;
    const auto digits = text::trim(value.text);
    const auto end = digits.data() + digits.size();
    if (value.is_string() && !digits.empty() &&
        std::from_chars(digits.data(), end, number.number).ptr == end) {
      number.type = Type::integer;
    }
    return number;
  }
  if (cast == "list" && value.is_string()) {
    if (!value.known()) return {};
    return value.text.empty() ? called_method(value, "split", {}) : list_of(value.text, ',');
  }
  return value;
}

}  // namespace grader::project
