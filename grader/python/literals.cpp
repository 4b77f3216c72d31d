#include "grader/python/literals.hpp"

#include <charconv>

#include "grader/base/text.hpp"
#include "grader/python/names.hpp"

namespace grader::python {
namespace {

constexpr int maximum_depth = 40;
constexpr std::size_t maximum_items = 10'000;
/// Of one evaluation: names that stand for each other would double the work at each level.
constexpr int maximum_steps = 100'000;
constexpr std::size_t maximum_bytes = 16U << 20U;

void append_utf8(std::string& out, unsigned code) {
  if (code < 0x80) {
    out += static_cast<char>(code);
  } else if (code < 0x800) {
    out += static_cast<char>(0xC0U | (code >> 6U));
    out += static_cast<char>(0x80U | (code & 0x3FU));
  } else {
    out += static_cast<char>(0xE0U | ((code >> 12U) & 0x0FU));
    out += static_cast<char>(0x80U | ((code >> 6U) & 0x3FU));
    out += static_cast<char>(0x80U | (code & 0x3FU));
  }
}

/// Undoes the escapes of Python's string literals; unknown ones stay as written.
std::string unescaped(std::string_view escape) {
  if (escape.size() < 2) return std::string(escape);
  const auto hex = [&](std::size_t from) -> std::string {
    unsigned code = 0;
    const auto digits = escape.substr(from);
    std::from_chars(digits.data(), digits.data() + digits.size(), code, 16);
    std::string out;
    append_utf8(out, code);
    return out;
  };
  switch (escape[1]) {
    case 'n':
      return "\n";
    case 't':
      return "\t";
    case 'r':
      return "\r";
    case '\\':
      return "\\";
    case '\'':
      return "'";
    case '"':
      return "\"";
    case '\n':
      return "";
    case 'x':
    case 'u':
    case 'U':
      return hex(2);
    default:
      return std::string(escape);
  }
}

bool has_prefix(Node string, char letter) {
  const auto start = string.child(Kind::string_start).text();
  for (const char c : start) {
    if (c == letter || c == letter - 'a' + 'A') return true;
  }
  return false;
}

class Evaluator {
 public:
  explicit Evaluator(const Program* program) : program_(program) {}

  Value run(Node node) {
    if (!node || depth_ >= maximum_depth || ++steps_ > maximum_steps || bytes_ > maximum_bytes) {
      return unknown(node);
    }
    ++depth_;
    Value value = of(node);
    --depth_;
    bytes_ += value.text.size();
    if (!value.node) value.node = node;
    return value;
  }

 private:
  static Value unknown(Node node) {
    Value value;
    value.node = node;
    return value;
  }

  static Value constant(Value::Type type, Node node, std::int64_t number = 0) {
    Value value = unknown(node);
    value.type = type;
    value.number = number;
    return value;
  }

  Value of(Node node) {
    switch (node.kind()) {
      case Kind::true_:
        return constant(Value::Type::boolean, node, 1);
      case Kind::false_:
        return constant(Value::Type::boolean, node, 0);
      case Kind::none:
        return constant(Value::Type::none, node);
      case Kind::integer:
        return integer(node);
      case Kind::float_: {
        Value value = constant(Value::Type::real, node);
        value.text = node.text();
        return value;
      }
      case Kind::string:
        return string(node);
      case Kind::concatenated_string:
        return concatenated(node);
      case Kind::parenthesized_expression:
        return run(*node.children().begin());
      case Kind::list:
      case Kind::tuple:
      case Kind::set:
      case Kind::expression_list:
        return list(node);
      case Kind::dictionary:
        return dictionary(node);
      case Kind::binary_operator:
        return binary(node);
      case Kind::identifier:
      case Kind::attribute:
        return named(node);
      case Kind::call:
        return call(node);
      case Kind::not_operator: {
        const Value value = run(node.child(Field::argument));
        if (value.type != Value::Type::boolean) return unknown(node);
        return constant(Value::Type::boolean, node, value.number == 0 ? 1 : 0);
      }
      case Kind::unary_operator: {
        Value value = run(node.child(Field::argument));
        if (value.type != Value::Type::integer || !node.text().starts_with('-'))
          return unknown(node);
        value.number = -value.number;
        return value;
      }
      default:
        return unknown(node);
    }
  }

  static Value integer(Node node) {
    Value value = constant(Value::Type::integer, node);
    const auto digits = text::replace_all(std::string(node.text()), "_", "");
    int base = 10;
    std::size_t from = 0;
    if (digits.starts_with("0x") || digits.starts_with("0X")) base = 16;
    if (digits.starts_with("0o")) base = 8;
    if (digits.starts_with("0b")) base = 2;
    if (base != 10) from = 2;
    std::from_chars(digits.data() + from, digits.data() + digits.size(), value.number, base);
    return value;
  }

  Value string(Node node) {
    Value value = constant(has_prefix(node, 'b') ? Value::Type::bytes : Value::Type::string, node);
    const bool raw = has_prefix(node, 'r');
    for (const Node part : node.children()) {
      if (part.is(Kind::string_content)) {
        append_content(value.text, part, raw);
      } else if (part.is(Kind::interpolation)) {
        const Value inner = run(part.child(Field::expression));
        if (inner.is_string() && inner.known()) {
          value.text += inner.text;
        } else {
          value.partial = true;
        }
      }
    }
    return value;
  }

  static void append_content(std::string& out, Node content, bool raw) {
    if (raw || content.children().empty()) {
      out += content.text();
      return;
    }
    const auto base = content.start();
    std::uint32_t at = base;
    for (const Node escape : content.children()) {
      out += content.text().substr(at - base, escape.start() - at);
      out += unescaped(escape.text());
      at = escape.end();
    }
    out += content.text().substr(at - base);
  }

  Value concatenated(Node node) {
    Value value = constant(Value::Type::string, node);
    for (const Node part : node.children()) {
      if (!part.is(Kind::string)) continue;
      const Value piece = run(part);
      value.type = piece.type;
      value.text += piece.text;
      value.partial = value.partial || piece.partial;
    }
    return value;
  }

  Value list(Node node) {
    Value value = constant(Value::Type::list, node);
    for (const Node item : node.children()) {
      if (item.is(Kind::comment)) continue;
      if (item.is(Kind::list_splat)) {
        const Value inner = run(*item.children().begin());
        append(value, inner);
      } else {
        value.items.push_back(run(item));
      }
      if (value.items.size() >= maximum_items) {
        value.partial = true;
        break;
      }
    }
    return value;
  }

  static void append(Value& list, const Value& other) {
    if (other.type != Value::Type::list) {
      list.partial = true;
      return;
    }
    list.items.insert(list.items.end(), other.items.begin(), other.items.end());
    list.partial = list.partial || other.partial;
  }

  Value dictionary(Node node) {
    Value value = constant(Value::Type::dict, node);
    for (const Node item : node.children()) {
      if (item.is(Kind::pair)) {
        value.entries.push_back({run(item.child(Field::key)), run(item.child(Field::value))});
      } else if (!item.is(Kind::comment)) {
        value.partial = true;
      }
      if (value.entries.size() >= maximum_items) {
        value.partial = true;
        break;
      }
    }
    return value;
  }

  Value binary(Node node) {
    const auto sign = node.child(Field::operator_).text();
    Value left = run(node.child(Field::left));
    const Value right = run(node.child(Field::right));
    left.node = node;
    if (sign == "+" && left.type == Value::Type::list) {
      append(left, right);
      return left;
    }
    const bool strings =
        left.type == right.type && (left.is_string() || left.type == Value::Type::bytes);
    if (sign == "+" && strings) {
      left.text += right.text;
      left.partial = left.partial || right.partial;
      return left;
    }
    if ((sign == "+" || sign == "%") && (left.is_string() || right.is_string())) {
      left.type = Value::Type::string;
      left.partial = true;
      return left;
    }
    if (left.type == Value::Type::integer && right.type == Value::Type::integer) {
      return arithmetic(node, sign, left.number, right.number);
    }
    return unknown(node);
  }

  static Value arithmetic(Node node, std::string_view sign, std::int64_t a, std::int64_t b) {
    Value value = constant(Value::Type::integer, node);
    bool overflow = false;
    if (sign == "+") {
      overflow = __builtin_add_overflow(a, b, &value.number);
    } else if (sign == "-") {
      overflow = __builtin_sub_overflow(a, b, &value.number);
    } else if (sign == "*") {
      overflow = __builtin_mul_overflow(a, b, &value.number);
    } else {
      return unknown(node);
    }
    return overflow ? unknown(node) : value;
  }

  Value named(Node node) {
    if (program_ == nullptr) return unknown(node);
    const Symbol symbol = program_->resolve(node);
    if (!symbol.definition.is(Kind::assignment)) return unknown(node);
    return run(symbol.definition.child(Field::right));
  }

  Value call(Node node) {
    const std::string name = dotted(callee(node));
    if (name == "list" || name == "tuple" || name == "set" || name == "str" || name == "bytes" ||
        name == "bytearray" || name == "int" || name == "bool") {
      Value value = run(positional(node, 0));
      if (name == "bytes" && value.is_string()) value.type = Value::Type::bytes;
      return value;
    }
    const Node function = callee(node);
    if (!function.is(Kind::attribute)) return unknown(node);
    const auto method = function.child(Field::attribute).text();
    if (method == "encode" || method == "decode" || method == "strip") {
      Value value = run(function.child(Field::object));
      if (method == "encode" && value.is_string()) value.type = Value::Type::bytes;
      if (method == "decode" && value.type == Value::Type::bytes) value.type = Value::Type::string;
      return value;
    }
    if (method == "split") return split(node, function);
    return unknown(node);
  }

  Value split(Node node, Node function) {
    const Value whole = run(function.child(Field::object));
    if (!whole.is_string() || !whole.known()) return unknown(node);
    const Value separator = run(positional(node, 0));
    Value value = constant(Value::Type::list, node);
    const char sign = separator.is_string() && separator.text.size() == 1 ? separator.text[0] : ' ';
    for (const auto part : text::split(whole.text, sign)) {
      Value item = constant(Value::Type::string, node);
      item.text = part;
      value.items.push_back(std::move(item));
    }
    return value;
  }

  const Program* program_;
  int depth_ = 0;
  int steps_ = 0;
  std::size_t bytes_ = 0;
};

}  // namespace

const Value* Value::find(std::string_view key) const {
  for (const auto& [name, value] : entries) {
    if (name.is_string() && name.text == key) return &value;
  }
  return nullptr;
}

Value evaluate(Node expression, const Program* program) {
  return Evaluator(program).run(expression);
}

std::string string_text(Node string) {
  std::string out;
  for (const Node part : string.children()) {
    if (part.is(Kind::string_content)) out += part.text();
    if (part.is(Kind::interpolation)) out += "{}";
    if (part.is(Kind::string)) out += string_text(part);
  }
  return out;
}

Node unwrapped(Node expression) {
  while (expression.is(Kind::parenthesized_expression) && !expression.children().empty()) {
    expression = *expression.children().begin();
  }
  return expression;
}

std::string dotted(Node expression) {
  if (expression.is(Kind::identifier) || expression.is(Kind::dotted_name)) {
    return std::string(expression.text());
  }
  if (!expression.is(Kind::attribute)) return {};
  const std::string object = dotted(expression.child(Field::object));
  if (object.empty()) return {};
  return object + "." + std::string(expression.child(Field::attribute).text());
}

Node callee(Node call) { return call.is(Kind::call) ? call.child(Field::function) : Node(); }

Node positional(Node call, std::size_t position) {
  for (const Node node : call.child(Field::arguments).children()) {
    if (node.is(Kind::keyword_argument) || node.is(Kind::comment) || node.is(Kind::list_splat) ||
        node.is(Kind::dictionary_splat)) {
      continue;
    }
    if (position-- == 0) return node;
  }
  return {};
}

Node keyword(Node call, std::string_view name) {
  for (const Node node : call.child(Field::arguments).children()) {
    if (node.is(Kind::keyword_argument) && node.child(Field::name).text() == name) {
      return node.child(Field::value);
    }
  }
  return {};
}

Node argument(Node call, std::string_view name, std::size_t position) {
  const Node named = keyword(call, name);
  return named ? named : positional(call, position);
}

}  // namespace grader::python
