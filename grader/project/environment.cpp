#include "grader/project/environment.hpp"

#include "grader/base/text.hpp"
#include "grader/project/environment_evaluation.hpp"

namespace grader::project {

using python::Node;
using python::Value;

bool usable(const Value& value) {
  if (!value.known() || value.type == Value::Type::none) return false;
  const bool text = value.type == Value::Type::string || value.type == Value::Type::bytes;
  return !text || !text::trim(value.text).empty();
}

bool from_environment(const Provided& one) {
  return one.origin == Origin::environment || one.origin == Origin::environment_with_default;
}

int weight(Origin origin) {
  switch (origin) {
    case Origin::environment:
    case Origin::environment_with_default:
      return 5;
    case Origin::file:
      return 4;
    case Origin::generated:
      return 3;
    case Origin::computed:
      return 2;
    case Origin::constant:
      return 1;
  }
  return 0;
}

Provided combined(const Provided& a, const Provided& b, Value value) {
  Provided both = weight(a.origin) >= weight(b.origin) ? a : b;
  if (both.variable.empty()) both.variable = a.variable.empty() ? b.variable : a.variable;
  if (both.cast.empty()) both.cast = a.cast.empty() ? b.cast : a.cast;
  both.value = std::move(value);
  return both;
}

Provided either(const Provided& a, const Provided& b) {
  if (a.origin == Origin::constant && b.origin == Origin::constant) {
    const auto same = compared(a.value, "==", b.value);
    if (same && *same) return b;
    return {};
  }
  const auto works = [](const Provided& one) {
    return (one.origin == Origin::constant || from_environment(one)) && usable(one.value);
  };
  Value value = works(a) ? a.value : works(b) ? b.value : Value();
  Provided one = combined(a, b, std::move(value));
  // A file with a literal beside it is a look-up with a default, whatever it is looked up in.
  if (one.origin == Origin::file && usable(one.value)) one.origin = Origin::environment;
  return one;
}

Provided provided(Node expression, const python::Program& program, const NameTable& names) {
  return Evaluation(program, names).run(expression);
}

Setting provenance(Node expression, const python::Program& program) {
  const Provided found = provided(expression, program);
  Setting setting;
  setting.origin = found.origin;
  setting.value = found.value;
  setting.variable = found.variable;
  setting.at = expression.location();
  setting.node = expression;
  return setting;
}

std::optional<LookUp> look_up(Node node, const python::Program& program) {
  const auto read = environment_call(node, program);
  if (!read) return std::nullopt;
  LookUp found;
  found.variable =
      read->variable_node ? provided(read->variable_node, program).value.text : read->variable;
  found.has_default = static_cast<bool>(read->fallback_node);
  found.cast = read->cast;
  if (read->fallback_node) found.fallback = provided(read->fallback_node, program).value;
  return found;
}

std::string qualified_or_written(Node expression, const python::Program& program) {
  const python::Symbol symbol = program.resolve(expression);
  return symbol ? symbol.name : python::dotted(expression);
}

}  // namespace grader::project
