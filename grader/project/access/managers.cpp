#include "grader/project/access/machine.hpp"

/// Methods of the submission's models, managers and querysets, run with the rows they are called
/// on as `self`.
namespace grader::project::access {

using python::Field;
using python::Kind;
using python::Node;
using Type = Abstract::Type;

namespace {

constexpr std::size_t most_changed = 3;

/// The classes that give a manager its methods: EntryManager(), EntryQuerySet.as_manager(),
/// Manager.from_queryset(EntryQuerySet)().
std::vector<Node> manager_classes(Node expression, const python::Program& program) {
  std::vector<Node> classes;
  const auto add = [&](Node node) {
    const python::Symbol symbol = program.resolve(node);
    if (symbol.is_class()) classes.push_back(symbol.definition);
  };
  Node call = python::unwrapped(expression);
  for (int depth = 0; depth < 4 && call.is(Kind::call); ++depth) {
    const Node function = python::unwrapped(python::callee(call));
    add(function);
    if (function.is(Kind::attribute)) add(function.child(Field::object));
    for (const Node argument : call.child(Field::arguments).children()) add(argument);
    call = function;
  }
  return classes;
}

}  // namespace

Node Machine::manager_method(const Model& model, std::string_view manager,
                             std::string_view name) const {
  const Node own = program_.attribute(model.definition, manager);
  if (!own.is(Kind::assignment)) return {};
  for (const Node definition : manager_classes(own.child(Field::right), program_)) {
    const Node method = program_.attribute(definition, name);
    if (method.is(Kind::function_definition)) return method;
    // A manager that hands on to its queryset's class.
    const Node getter = program_.attribute(definition, "get_queryset");
    for (const Node node : getter.descendants()) {
      if (!node.is(Kind::call)) continue;
      const python::Symbol made = program_.resolve(python::callee(node));
      const Node inner = made.is_class() ? program_.attribute(made.definition, name) : Node();
      if (inner.is(Kind::function_definition)) return inner;
    }
  }
  return {};
}

Abstract Machine::model_method(Node function, const Abstract& receiver, Node node, State& state) {
  std::vector<Abstract> arguments{receiver};
  std::map<std::string, Abstract, std::less<>> keywords;
  for (const Node argument : node.child(Field::arguments).children()) {
    if (argument.is(Kind::comment)) continue;
    if (argument.is(Kind::keyword_argument)) {
      keywords[std::string(argument.child(Field::name).text())] =
          eval(argument.child(Field::value), state);
    } else {
      arguments.push_back(eval(argument, state));
    }
  }
  next_receiver_ = receiver;
  Abstract result = invoke(function, std::move(arguments), keywords, state);
  next_receiver_ = {};
  return result;
}

/// Service(request.user): an object that keeps what __init__ gives it, and carries its arguments.
Abstract Machine::instance_of(Node definition, Node node, State& state) {
  Abstract made;
  made.type = Type::instance;
  made.node = definition;
  made.object = static_cast<int>(objects_.size());
  objects_.emplace_back();
  made.holds = arguments_union(node, state).holds;
  const Node init = program_.attribute(definition, "__init__");
  if (init.is(Kind::function_definition)) model_method(init, made, node, state);
  return made;
}

Abstract Machine::instance_attribute(const Abstract& object, std::string_view name, Node node,
                                     State& state) {
  const auto& fields = objects_[static_cast<std::size_t>(object.object)];
  if (const auto found = fields.find(name); found != fields.end()) return found->second;
  const Node own = program_.attribute(object.node, name);
  if (own.is(Kind::function_definition) && !python::decorators(own).empty()) {
    return invoke(own, {object}, {}, state);  // a property
  }
  if (own.is(Kind::assignment)) {
    State module_level;
    module_level.known = state.known;
    return eval(own.child(Field::right), module_level);
  }
  Abstract value;
  value.node = node;
  value.holds = object.holds;
  if (own.is(Kind::class_definition)) {
    value.type = Type::class_;
    value.node = own;
  }
  return value;
}

/// super().get_queryset(), super().save() inside such a method.
Abstract Machine::receiver_super(std::string_view name, Node node, State& state) {
  const Abstract receiver = frame().receiver;
  return query(receiver, name, node, state);
}

/// save() or delete() of a value that carries rows, as an item of a list does.
bool Machine::changes_held(const Abstract& object, std::string_view name, Node node, State& state) {
  if (name != "save" && name != "delete") return false;
  if (object.holds.empty() || object.holds.size() > most_changed) return false;
  const auto kind = name == "delete" ? Effect::Kind::remove : Effect::Kind::update;
  for (const int index : object.holds) effect(kind, index, node.location(), state);
  return true;
}

}  // namespace grader::project::access
