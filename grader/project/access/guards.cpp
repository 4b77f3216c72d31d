#include <algorithm>

#include "grader/base/text.hpp"
#include "grader/project/access/machine.hpp"

namespace grader::project::access {

using python::Field;
using python::Kind;
using python::Node;
using python::Symbol;
using Type = Abstract::Type;

namespace {

std::string_view last_part(std::string_view dotted_name) {
  const auto dot = dotted_name.rfind('.');
  return dot == dotted_name.npos ? dotted_name : dotted_name.substr(dot + 1);
}

Knowledge signed_in(Node node, std::string text) {
  Knowledge known;
  known.authenticated = true;
  known.steps.push_back({node.location(), std::move(text)});
  return known;
}

/// The innermost function that a decorator (or a decorator factory) puts in the view's place.
Node wrapper_of(Node function) {
  Node inner = function;
  for (bool deeper = true; deeper;) {
    deeper = false;
    for (const Node statement : inner.child(Field::body).children()) {
      const Node definition = python::undecorated(statement);
      if (definition.is(Kind::function_definition)) {
        inner = definition;
        deeper = true;
        break;
      }
    }
  }
  return inner == function ? Node() : inner;
}

}  // namespace

bool Machine::known_decorator(const std::string& name, Node decorator, State& state,
                              bool& refused) {
  const std::string_view last = last_part(name);
  const Node call = decorator.is(Kind::call) ? decorator : Node();
  if (last == "login_required" || last == "permission_required" || last == "otp_required") {
    state.known.add(signed_in(decorator, "@" + std::string(last)));
    return true;
  }
  if (last == "staff_member_required" || last == "superuser_required") {
    Knowledge known = signed_in(decorator, "@" + std::string(last));
    known.privileged = true;
    state.known.add(known);
    return true;
  }
  if (last == "login_not_required" || name == "stronghold.decorators.public") {
    state.known.authenticated = false;
    return true;
  }
  if (last == "csrf_exempt") {
    csrf_exempt_ = true;
    return true;
  }
  if (last == "require_POST" || last == "require_GET" || last == "require_safe") {
    refused = (last == "require_POST") != (method_ == "POST");
    return true;
  }
  if (last == "require_http_methods" || last == "api_view") {
    if (last == "api_view") is_drf_ = true;
    const auto methods =
        python::evaluate(python::argument(call, "http_method_names", 0), &program_);
    if (methods.type == python::Value::Type::list) {
      refused = std::ranges::none_of(methods.items,
                                     [&](const auto& item) { return item.text == method_; });
    } else if (last == "api_view") {
      refused = method_ != "GET";
    }
    return true;
  }
  if (last == "permission_classes") {
    Knowledge all;
    const Node list = python::positional(call, 0);
    for (const Node item : list.children()) all.add(permission(item, nullptr, state).if_true);
    state.known.add(all);
    permissions_given_ = true;
    return true;
  }
  if (last == "user_passes_test") {
    const Node test = python::positional(call, 0);
    Abstract user;
    user.type = Type::user;
    const Symbol symbol = program_.resolve(test);
    const Node function = test.is(Kind::lambda) ? test : symbol.definition;
    if (function.is(Kind::lambda) || function.is(Kind::function_definition)) {
      state.known.add(truth_of(function, {user}, state).if_true);
    } else if (symbol.definition.is(Kind::assignment)) {
      const Node value = symbol.definition.child(Field::right);
      if (value.is(Kind::lambda)) state.known.add(truth_of(value, {user}, state).if_true);
    }
    return true;
  }
  if (last == "method_decorator") {
    bool known = true;
    const Node inner = python::positional(call, 0);
    std::vector<Node> list{inner};
    if (inner.is(Kind::list) || inner.is(Kind::tuple)) {
      list.assign(inner.children().begin(), inner.children().end());
    }
    for (const Node one : list) {
      const Node function = one.is(Kind::call) ? python::callee(one) : one;
      known = known_decorator(program_.resolve(function).name, one, state, refused) && known;
    }
    return known;
  }
  return false;
}

Abstract Machine::decorated(const std::vector<Node>& decorators, std::size_t at, State& state,
                            const Continuation& next) {
  if (at >= decorators.size()) return next(state);
  const Node decorator = decorators[at];
  const Node function = decorator.is(Kind::call) ? python::callee(decorator) : decorator;
  const Symbol symbol = program_.resolve(function);
  const Continuation rest = [&, at](State& inner) {
    return decorated(decorators, at + 1, inner, next);
  };
  if (symbol.definition.is(Kind::assignment)) {
    // name = user_passes_test(…): a decorator kept under another name.
    bool refused = false;
    const Node value = symbol.definition.child(Field::right);
    const Node inner = value.is(Kind::call) ? python::callee(value) : value;
    known_decorator(program_.resolve(inner).name, value, state, refused);
    if (refused) return {};
    return rest(state);
  }
  if (symbol.is_function()) return own_decorator(symbol.definition, state, rest);
  bool refused = false;
  known_decorator(symbol.name, decorator, state, refused);
  if (refused) {
    refuse(state);
    return {};
  }
  return rest(state);
}

Abstract Machine::own_decorator(Node function, State& state, const Continuation& next) {
  const Node wrapper = wrapper_of(function);
  if (!wrapper || frames_.size() > 6) return next(state);
  State inner;
  inner.known = state.known;
  inner.locals = state.locals;
  for (Node outer = wrapper.enclosing(Kind::function_definition); outer;
       outer = outer.enclosing(Kind::function_definition)) {
    for (const Node parameter : outer.child(Field::parameters).children()) {
      if (!parameter.is(Kind::identifier)) continue;
      Abstract view;
      view.type = Type::external;
      view.name = "<continue>";
      inner.locals[std::string(parameter.text())] = view;
    }
  }
  for (const Node parameter : wrapper.child(Field::parameters).children()) {
    const bool rest = parameter.is(Kind::dictionary_splat_pattern);
    const Node named = rest ? parameter.child(Kind::identifier) : parameter;
    if (!named.is(Kind::identifier)) continue;
    Abstract value;
    const auto name = named.text();
    value.name = name;
    if (name == "request" || name == "req") value.type = Type::request;
    if (name == "self") {
      value.type = Type::self;
    } else if (value.is(Type::unknown)) {
      value.type = name == "request" ? Type::request : Type::input;
    }
    inner.locals[std::string(name)] = value;
  }
  continuations_.push_back(next);
  Frame started;
  started.function = wrapper;
  started.self = frames_.empty() ? nullptr : frame().self;
  frames_.push_back(std::move(started));
  block(wrapper.child(Field::body), inner);
  const Abstract value = finish_frame(inner);
  frames_.pop_back();
  continuations_.pop_back();
  state.alive = inner.alive;
  return value;
}

Node Machine::permission_classes() {
  for (const Symbol& base : instance_.order) {
    if (!base.is_class()) continue;
    if (const Node own = python::own_attribute(base.definition, "permission_classes")) {
      if (own.is(Kind::assignment)) return own.child(Field::right);
    }
  }
  return {};
}

/// What a DRF view's permission classes make certain before the handler runs.
void Machine::permissions(State& state) {
  is_drf_ = true;
  const Node classes = permission_classes();
  const Node getter = program_.attribute(instance_.definition, "get_permissions");
  if (getter.is(Kind::function_definition)) {
    Abstract self;
    self.type = Type::self;
    Frame started;
    started.function = getter;
    started.self = &instance_;
    frames_.push_back(std::move(started));
    State inner;
    inner.locals["self"] = self;
    block(getter.child(Field::body), inner);
    const std::vector<Returned> returns = frame().returns;
    frames_.pop_back();
    std::optional<Knowledge> certain;
    for (const auto& returned : returns) {
      Knowledge known;
      for (const Node node : returned.value.node.descendants()) {
        if (node.is(Kind::identifier)) known.add(permission(node, nullptr, state).if_true);
      }
      if (certain) {
        certain->intersect(known);
      } else {
        certain = known;
      }
    }
    if (certain && !certain->steps.empty()) {
      state.known.add(*certain);
      return;
    }
  }
  if (classes) {
    for (const Node item : classes.children())
      state.known.add(permission(item, nullptr, state).if_true);
    return;
  }
  default_permissions(state);
}

void Machine::default_permissions(State& state) {
  const SettingsModule* settings = project_.main_settings();
  if (settings == nullptr) return;
  const auto setting = settings->values.find("REST_FRAMEWORK");
  if (setting == settings->values.end()) return;
  const python::Value* classes = setting->second.value.find("DEFAULT_PERMISSION_CLASSES");
  if (classes == nullptr) return;
  for (const auto& item : classes->items) {
    const Symbol symbol = program_.lookup(item.text);
    Condition test = permission_class(symbol, nullptr, state);
    if (item.node && !test.if_true.steps.empty())
      test.if_true.steps.front().at = item.node.location();
    state.known.add(test.if_true);
  }
}

Condition Machine::permission(Node node, const Abstract* object, State& state) {
  node = python::unwrapped(node);
  if (node.is(Kind::binary_operator)) {
    Condition left = permission(node.child(Field::left), object, state);
    const Condition right = permission(node.child(Field::right), object, state);
    if (node.child(Field::operator_).text() == "|") {
      left.if_true.intersect(right.if_true);
    } else {
      left.if_true.add(right.if_true);
    }
    return left;
  }
  if (node.is(Kind::call)) node = python::callee(node);
  Condition test = permission_class(program_.resolve(node), object, state);
  if (!test.if_true.steps.empty()) test.if_true.steps.front().at = node.location();
  return test;
}

Condition Machine::permission_class(const Symbol& symbol, const Abstract* object, State& state) {
  Condition test;
  if (!symbol.is_class()) {
    const std::string_view last = last_part(symbol.name);
    const bool reads = method_ == "GET";
    if (last == "AllowAny" || last.empty() || object != nullptr) return test;
    if (last.ends_with("OrReadOnly") && reads) return test;
    test.if_true.authenticated = true;
    test.if_true.privileged = last == "IsAdminUser" || last == "IsSuperUser";
    test.if_true.steps.push_back({{}, "permission class " + std::string(last)});
    return test;
  }
  const std::string_view question = object ? "has_object_permission" : "has_permission";
  const auto order = program_.linearised(symbol.definition);
  for (std::size_t i = 0; i < order.size(); ++i) {
    if (!order[i].is_class()) {
      if (order[i].name.ends_with("BasePermission")) continue;
      return permission_class(order[i], object, state);
    }
    const Node method = python::own_attribute(order[i].definition, question);
    if (!method.is(Kind::function_definition)) continue;
    Abstract self;
    Abstract request;
    request.type = Type::request;
    Abstract view;
    std::vector<Abstract> arguments{self, request, view};
    if (object != nullptr) arguments.push_back(*object);
    return truth_of(method, std::move(arguments), state);
  }
  return test;
}

void Machine::object_permissions(const Abstract& object, State& state) {
  const Node classes = permission_classes();
  for (const Node item : classes.children()) {
    state.known.add(permission(item, &object, state).if_true);
  }
}

}  // namespace grader::project::access
