#include <algorithm>
#include <utility>

#include "grader/base/text.hpp"
#include "grader/project/access/machine.hpp"

namespace grader::project::access {

using python::Field;
using python::Kind;
using python::Node;
using Truth = Condition::Truth;

namespace {

Condition negated(Condition test) {
  std::swap(test.if_true, test.if_false);
  if (test.truth == Truth::always) {
    test.truth = Truth::never;
  } else if (test.truth == Truth::never) {
    test.truth = Truth::always;
  }
  return test;
}

Condition both(const Condition& a, const Condition& b) {
  Condition result;
  result.if_true = a.if_true;
  result.if_true.add(b.if_true);
  result.if_false = a.if_false;
  result.if_false.intersect(b.if_false);
  if (a.truth == Truth::always) result.if_false = b.if_false;
  if (b.truth == Truth::always) result.if_false = a.if_false;
  if (a.truth == Truth::never || b.truth == Truth::never) result.truth = Truth::never;
  if (a.truth == Truth::always && b.truth == Truth::always) result.truth = Truth::always;
  return result;
}

Condition either(const Condition& a, const Condition& b) {
  return negated(both(negated(a), negated(b)));
}

Condition fixed(bool value) {
  Condition test;
  test.truth = value ? Truth::always : Truth::never;
  return test;
}

Step step(Node node, std::string text) { return {node.location(), std::move(text)}; }

Condition signed_in(Node node) {
  Condition test;
  test.if_true.authenticated = true;
  test.if_true.steps.push_back(step(node, "only for a signed-in user"));
  return test;
}

Condition staff(Node node) {
  Condition test = signed_in(node);
  test.if_true.privileged = true;
  test.if_true.steps.back().text = "only for staff";
  return test;
}

}  // namespace

Condition Machine::condition(Node node, State& state) {
  node = python::unwrapped(node);
  if (!node || !spend()) return {};
  switch (node.kind()) {
    case Kind::not_operator:
      return negated(condition(node.child(Field::argument), state));
    case Kind::boolean_operator: {
      const bool conjunction = node.child(Field::operator_).text() == "and";
      const Condition left = condition(node.child(Field::left), state);
      State right_state = state;
      right_state.known.add(conjunction ? left.if_true : left.if_false);
      const Condition right = condition(node.child(Field::right), right_state);
      return conjunction ? both(left, right) : either(left, right);
    }
    case Kind::comparison_operator:
      return comparison(node, state);
    case Kind::true_:
      return fixed(true);
    case Kind::false_:
      return fixed(false);
    case Kind::call:
      return call_condition(node, state);
    case Kind::named_expression: {
      const Abstract value = eval(node, state);
      return truthiness(node, value, state);
    }
    default:
      return truthiness(node, eval(node, state), state);
  }
}

Condition Machine::truthiness(Node node, const Abstract& value, State& state) {
  if (value.is(Abstract::Type::external)) {
    if (value.name == "is_authenticated") return signed_in(node);
    if (value.name == "is_anonymous") return negated(signed_in(node));
    if (value.name == "is_staff" || value.name == "is_superuser") return staff(node);
    if (value.name == "request.POST") return fixed(method_ == "POST");
  }
  if (value.name == "<exists>" && value.key_of >= 0) {
    Condition test;
    test.if_true = shared_with_requester(value.key_of, node);
    return test;
  }
  if (value.is(Abstract::Type::rows)) {
    Condition test;
    test.if_true = shared_with_requester(value.rows, node);
    return test;
  }
  // A session key of a hand-made login is only there after signing in.
  if (value.is(Abstract::Type::user_key) && value.name == "session") return signed_in(node);
  (void)state;
  return {};
}

Condition Machine::call_condition(Node node, State& state) {
  const Node function = python::callee(node);
  if (function.is(Kind::attribute)) {
    const auto name = function.child(Field::attribute).text();
    const Abstract object = eval(function.child(Field::object), state);
    if (object.is(Abstract::Type::user)) {
      if (name == "is_authenticated") return signed_in(node);
      if (name == "is_anonymous") return negated(signed_in(node));
      if (name == "has_perm" || name == "has_perms") {
        Condition test = signed_in(node);
        // With a row: a backend of its own decides whose it is.
        const Node row = python::argument(node, "obj", 1);
        test.if_true.maybe_guarded = row && !carried(eval(row, state)).empty();
        return test;
      }
    }
    // A form bound to request.POST, or to request.POST or None, is not valid on GET.
    if (object.is(Abstract::Type::form) && object.by_post && name == "is_valid" &&
        method_ == "GET") {
      return fixed(false);
    }
    if (object.is(Abstract::Type::self) && frame().self != nullptr) {
      const Node method = program_.attribute(frame().self->definition, name);
      if (method.is(Kind::function_definition)) {
        return truth_of(method, given_to(node, {object}, state), state, frame().self, 0);
      }
    }
    // entry.belongs_to(request.user), user.can_see(entry): a method of the submission's model.
    const Model* model = object.is(Abstract::Type::rows)   ? object.model
                         : object.is(Abstract::Type::user) ? models_.find(models_.user_model)
                                                           : nullptr;
    const Node method = model != nullptr ? program_.attribute(model->definition, name) : Node();
    if (method.is(Kind::function_definition)) {
      return truth_of(method, given_to(node, {object}, state), state);
    }
    if (name == "startswith" || name == "find" || name == "count") {
      return matching(eval(python::positional(node, 0), state), object);
    }
  }
  const python::Symbol symbol = program_.resolve(function);
  if (symbol.is_function()) {
    return truth_of(symbol.definition, given_to(node, {}, state), state);
  }
  return truthiness(node, eval(node, state), state);
}

/// The positional arguments of a call, after `first`.
std::vector<Abstract> Machine::given_to(Node node, std::vector<Abstract> first, State& state) {
  for (const Node argument : node.child(Field::arguments).children()) {
    if (argument.is(Kind::comment) || argument.is(Kind::keyword_argument)) continue;
    first.push_back(eval(argument, state));
  }
  return first;
}

/// A word of the request looked for in the content of rows.
Condition Machine::matching(const Abstract& word, const Abstract& content) {
  Condition test;
  if (word.is(Abstract::Type::input) && !content.is(Abstract::Type::rows)) {
    test.if_true.narrowed = carried(content);
  }
  return test;
}

Condition Machine::comparison(Node node, State& state) {
  std::vector<Node> operands;
  std::string sign;
  for (const Node part : node.children()) {
    if (part.field() == Field::operators) {
      sign += sign.empty() ? std::string(part.text()) : " " + std::string(part.text());
    } else if (!part.is(Kind::comment)) {
      operands.push_back(part);
    }
  }
  if (operands.size() != 2) return {};
  const Abstract left = eval(operands[0], state);
  const Abstract right = eval(operands[1], state);
  if (sign == "==" || sign == "is") return equality(left, right, operands[1], state);
  if (sign == "!=" || sign == "is not") {
    return negated(equality(left, right, operands[1], state));
  }
  if (sign != "in" && sign != "not in") return {};
  Condition test;
  if (left.is(Abstract::Type::method)) {
    const auto methods = python::evaluate(operands[1], &program_);
    const bool safe = program_.resolve(operands[1]).name.ends_with("SAFE_METHODS");
    if (safe) test = fixed(method_ == "GET");
    if (methods.type == python::Value::Type::list) {
      test = fixed(std::ranges::any_of(methods.items,
                                       [&](const auto& item) { return item.text == method_; }));
    }
  } else if (left.is(Abstract::Type::user) && right.is(Abstract::Type::unknown)) {
    // request.user in entry.shared_with.all()
    test.if_true.owned = carried(right);
    test.if_true.authenticated = true;
  } else if (right.is(Abstract::Type::session)) {
    test = truthiness(operands[0], attribute_of(right, "session", operands[0], state), state);
    const auto key = python::evaluate(operands[0], &program_);
    if (text::contains_any(text::lower(key.text), {"user", "login", "auth", "uid", "email"})) {
      test = signed_in(operands[0]);
    }
  } else if (right.is(Abstract::Type::external) && right.name == "request.POST") {
    if (method_ != "POST") test = fixed(false);
  } else if (left.is(Abstract::Type::rows) && right.is(Abstract::Type::rows) &&
             rows(right.rows).scoped) {
    test.if_true.owned.insert(left.rows);
  } else {
    test = matching(left, right);
  }
  return sign == "in" ? test : negated(test);
}

Condition Machine::equality(const Abstract& a, const Abstract& b, Node node, State& state) {
  using Type = Abstract::Type;
  const Abstract& left = a.is(Type::user) || a.is(Type::user_key) ? b : a;
  const Abstract& right = a.is(Type::user) || a.is(Type::user_key) ? a : b;
  if (left.is(Type::method)) {
    const auto value = python::evaluate(right.node, &program_);
    if (value.is_string()) return fixed(value.text == method_);
    return {};
  }
  if (right.is(Type::method)) return equality(b, a, a.node, state);
  Condition test;
  const bool requester = right.is(Type::user) || right.is(Type::user_key);
  const bool owner = left.is(Type::owner_of) || left.is(Type::owner_key_of);
  const bool user_row =
      left.is(Type::rows) && left.model != nullptr && is_user_model(models_, left.model->qualified);
  if (requester && (owner || user_row)) {
    test.if_true.owned.insert(left.rows);
    test.if_true.authenticated = true;
    test.if_true.steps.push_back(step(node, "its owner is compared with the requester"));
    return test;
  }
  if (requester && !carried(left).empty()) {
    test.if_true.maybe_guarded = true;
    return test;
  }
  if (requester && python::evaluate(left.node, &program_).type == python::Value::Type::none) {
    return negated(signed_in(node));
  }
  return test;
}

Condition Machine::truth_of(Node function, std::vector<Abstract> arguments, const State& state,
                            Instance* self, std::size_t order) {
  Condition result;
  if (frames_.size() > 6 || !spend()) return result;
  State inner;
  inner.known = state.known;
  std::size_t position = 0;
  for (const Node parameter : function.child(Field::parameters).children()) {
    Node name = parameter.is(Kind::identifier) ? parameter : parameter.child(Field::name);
    if (!name) name = parameter.child(Kind::identifier);
    if (name && position < arguments.size()) {
      inner.locals[std::string(name.text())] = arguments[position++];
    }
  }
  Frame started;
  started.function = function;
  started.self = self;
  started.class_order = order;
  frames_.push_back(std::move(started));
  const Node body = function.child(Field::body);
  if (function.is(Kind::lambda)) {
    result = condition(body, inner);
    frames_.pop_back();
    return result;
  }
  block(body, inner);
  const std::vector<Returned> returns = std::move(frame().returns);
  std::optional<Knowledge> certain;
  for (const auto& returned : returns) {
    State at;
    at.locals = inner.locals;
    at.known = returned.known;
    const Condition test = condition(returned.value.node, at);
    if (test.truth == Truth::never) continue;
    Knowledge known = returned.known;
    known.add(test.if_true);
    if (certain) {
      certain->intersect(known);
    } else {
      certain = known;
    }
  }
  frames_.pop_back();
  if (certain) {
    result.if_true = *certain;
  } else if (!returns.empty()) {
    result.truth = Truth::never;
  }
  return result;
}

}  // namespace grader::project::access
