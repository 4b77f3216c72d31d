#include "grader/project/flow/machine.hpp"
#include "grader/python/names.hpp"

namespace grader::project::flow {

using python::Field;
using python::Kind;
using python::Node;

namespace {

/// The block of an except, else or finally clause.
Node block_of(Node clause) {
  if (const Node body = clause.child(Field::body)) return body;
  return clause.child(Kind::block);
}

/// The body of a case clause.
Node case_body(Node clause) {
  if (const Node body = clause.child(Field::consequence)) return body;
  return clause.child(Kind::block);
}

}  // namespace

/// The parts of statements that run a body on several ways and join what comes of them.
class Loop {
 public:
  static void for_each(Machine& machine, Node statement, State& state) {
    const Node source = statement.child(Field::right);
    const Ref rows = machine.evaluate(source, state);
    const State before = machine.fork(state);
    const auto saved = start(machine, rows, statement);
    bool ran = false;
    for (const auto& [key, value] : items(machine, rows, state)) {
      bind_pair(machine, statement.child(Field::left), key, value, state);
      machine.execute_block(statement.child(Field::body), state);
      leave(machine, state);
      ran = true;
    }
    if (!ran) {
      machine.assign(statement.child(Field::left), machine.element(rows, statement, state), state);
      machine.execute_block(statement.child(Field::body), state);
      leave(machine, state);
      state = join(std::move(state), before);
    }
    stop(machine, saved);
    machine.execute_block(block_of(statement.child(Field::alternative)), state);
  }

  static void repeat(Machine& machine, Node statement, State& state) {
    const Node test = statement.child(Field::condition);
    const auto outcome = machine.condition(test, state);
    if (outcome == false) return;
    State before = machine.fork(state);
    machine.assume(test, true, state);
    machine.execute_block(statement.child(Field::body), state);
    leave(machine, state);
    if (outcome != true) state = join(std::move(state), std::move(before));
  }

 private:
  static constexpr std::size_t most_items = 12;

  /// Known entries of dict.items(), so that setattr(row, key, value) meets each key.
  static std::vector<std::pair<Ref, Ref>> items(Machine& machine, const Ref& rows,
                                                const State& state) {
    std::vector<std::pair<Ref, Ref>> found;
    if (!rows->made_by(Op::text) || rows->name != "items" || rows->parts.empty()) return found;
    const Object* dict = machine.object(rows->parts.front(), state);
    if (dict == nullptr) return found;
    for (const auto& [name, value] : dict->attributes) {
      if (name.size() < 3 || name.front() != '[' || found.size() >= most_items) continue;
      found.emplace_back(constant_text(name.substr(1, name.size() - 2)), value);
    }
    return found;
  }

  static void bind_pair(Machine& machine, Node target, const Ref& key, const Ref& value,
                        State& state) {
    std::vector<Node> names;
    for (const Node child : target.children()) names.push_back(child);
    if (names.size() != 2) return;
    machine.assign(names[0], key, state);
    machine.assign(names[1], value, state);
  }

  static std::size_t start(Machine& machine, const Ref& rows, Node statement) {
    const std::size_t saved = machine.loops_.size();
    bool many = false;
    for (const auto& one : alternatives(rows)) many = many || one->is(Value::Kind::rows);
    if (many) machine.loops_.push_back(statement);
    return saved;
  }

  static void stop(Machine& machine, std::size_t saved) { machine.loops_.resize(saved); }

  /// What break and continue left behind goes on after the loop.
  static void leave(Machine& machine, State& state) {
    auto& leaving = machine.frames_.back().leaving;
    for (auto& other : leaving) {
      other.alive = true;
      state = join(std::move(state), std::move(other));
    }
    leaving.clear();
  }
};

void Machine::execute_block(Node block, State& state) {
  for (const Node statement : block.children()) {
    if (!state.alive) return;
    execute(statement, state);
  }
}

namespace {

void if_statement(Machine& machine, Node statement, State& state);

/// The ways of the elif and else clauses from here on.
void alternatives_of(Machine& machine, const std::vector<Node>& clauses, std::size_t number,
                     State& state) {
  if (number >= clauses.size()) return;
  const Node clause = clauses[number];
  if (clause.is(Kind::else_clause)) {
    machine.execute_block(block_of(clause), state);
    return;
  }
  const Node test = clause.child(Field::condition);
  const auto outcome = machine.condition(test, state);
  State other = machine.fork(state);
  if (outcome != false) {
    machine.assume(test, true, state);
    machine.execute_block(clause.child(Field::consequence), state);
    if (outcome == true) return;
  }
  machine.assume(test, false, other);
  alternatives_of(machine, clauses, number + 1, other);
  state = outcome == false ? std::move(other) : join(std::move(state), std::move(other));
}

void if_statement(Machine& machine, Node statement, State& state) {
  std::vector<Node> clauses{statement};
  for (const Node child : statement.children()) {
    if (child.is(Kind::elif_clause) || child.is(Kind::else_clause)) clauses.push_back(child);
  }
  alternatives_of(machine, clauses, 0, state);
}

void try_statement(Machine& machine, Node statement, State& state) {
  State before = machine.fork(state);
  machine.execute_block(statement.child(Field::body), state);
  State caught = machine.fork(before);
  if (state.alive) caught = join(std::move(before), state);
  std::vector<State> ways;
  for (const Node clause : statement.children()) {
    if (clause.is(Kind::else_clause)) machine.execute_block(block_of(clause), state);
    if (!clause.is(Kind::except_clause) && !clause.is(Kind::except_group_clause)) continue;
    ways.push_back(machine.fork(caught));
    machine.execute_block(block_of(clause), ways.back());
  }
  for (auto& way : ways) state = join(std::move(state), std::move(way));
  for (const Node clause : statement.children()) {
    if (!clause.is(Kind::finally_clause)) continue;
    const bool alive = state.alive;
    state.alive = true;
    machine.execute_block(block_of(clause), state);
    state.alive = state.alive && alive;
  }
}

void with_statement(Machine& machine, Node statement, State& state) {
  for (const Node item : statement.child(Kind::with_clause).children()) {
    const Node value = item.child(Field::value);
    if (!value.is(Kind::as_pattern)) {
      machine.evaluate(value, state);
      continue;
    }
    const Ref opened = machine.evaluate(*value.children().begin(), state);
    const Node target = value.child(Kind::as_pattern_target);
    machine.assign(*target.children().begin(), opened, state);
  }
  machine.execute_block(statement.child(Field::body), state);
}

void match_statement(Machine& machine, Node statement, State& state) {
  machine.evaluate(statement.child(Field::subject), state);
  const State before = machine.fork(state);
  for (const Node clause : statement.child(Field::body).children()) {
    if (!clause.is(Kind::case_clause)) continue;
    State way = machine.fork(before);
    machine.execute_block(case_body(clause), way);
    state = join(std::move(state), std::move(way));
  }
}

void augmented(Machine& machine, Node statement, State& state) {
  const Node target = statement.child(Field::left);
  const Ref old = machine.evaluate(target, state);
  const Ref more = machine.evaluate(statement.child(Field::right), state);
  const auto sign = statement.child(Field::operator_).text();
  const bool characters = sign == "^=" || old->has(Trait::ordinal);
  const Op op = sign == "^=" ? Op::toy : characters ? Op::ordinal : Op::text;
  machine.assign(target,
                 made(op, "", {machine.flat(old, state), machine.flat(more, state)}, statement),
                 state);
}

}  // namespace

void Machine::execute(Node statement, State& state) {
  if (!spend()) {
    state.alive = false;
    return;
  }
  switch (statement.kind()) {
    case Kind::expression_statement:
      for (const Node child : statement.children()) execute(child, state);
      return;
    case Kind::augmented_assignment:
      return augmented(*this, statement, state);
    case Kind::return_statement: {
      const Node expression = *statement.children().begin();
      Ref value = statement.children().empty() ? none_value() : evaluate(expression, state);
      if (!frames_.empty()) frames_.back().returns.emplace_back(std::move(value), fork(state));
      state.alive = false;
      return;
    }
    case Kind::raise_statement:
      state.alive = false;
      return;
    case Kind::break_statement:
    case Kind::continue_statement:
      frames_.back().leaving.push_back(fork(state));
      state.alive = false;
      return;
    case Kind::if_statement:
      return if_statement(*this, statement, state);
    case Kind::for_statement:
      return Loop::for_each(*this, statement, state);
    case Kind::while_statement:
      return Loop::repeat(*this, statement, state);
    case Kind::try_statement:
      return try_statement(*this, statement, state);
    case Kind::with_statement:
      return with_statement(*this, statement, state);
    case Kind::match_statement:
      return match_statement(*this, statement, state);
    case Kind::decorated_definition:
    case Kind::function_definition:
    case Kind::class_definition: {
      // Those of modules are found by name; only nested ones are values here.
      const Node definition = python::undecorated(statement);
      if (frames_.empty() || !frames_.back().function) return;
      Value value;
      value.kind =
          definition.is(Kind::class_definition) ? Value::Kind::type : Value::Kind::callable;
      value.name = python::definition_name(definition);
      value.definition = definition;
      value.node = definition;
      value.closure = std::make_shared<const Names>(fork(state).names);
      state.names[value.name] = std::make_shared<const Value>(value);
      return;
    }
    case Kind::assert_statement:
    case Kind::print_statement:
      for (const Node child : statement.children()) evaluate(child, state);
      return;
    case Kind::comment:
    case Kind::pass_statement:
    case Kind::import_statement:
    case Kind::import_from_statement:
    case Kind::future_import_statement:
    case Kind::global_statement:
    case Kind::nonlocal_statement:
    case Kind::delete_statement:
      return;
    case Kind::block:
      return execute_block(statement, state);
    default:
      evaluate(statement, state);
  }
}

}  // namespace grader::project::flow
