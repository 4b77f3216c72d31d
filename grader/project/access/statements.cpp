#include <algorithm>

#include "grader/project/access/machine.hpp"

namespace grader::project::access {

using python::Field;
using python::Kind;
using python::Node;

namespace {

bool is_requester(const Abstract& value) {
  return value.is(Abstract::Type::user) || value.is(Abstract::Type::user_key);
}

}  // namespace

void Machine::block(Node body, State& state) {
  for (const Node node : body.children()) {
    if (!state.alive) return;
    if (!node.is(Kind::comment)) statement(node, state);
  }
}

void Machine::statement(Node node, State& state) {
  switch (node.kind()) {
    case Kind::expression_statement:
      for (const Node inner : node.children()) eval(inner, state);
      break;
    case Kind::if_statement:
      if_statement(node, state);
      break;
    case Kind::for_statement:
    case Kind::while_statement:
      loop(node, state);
      break;
    case Kind::try_statement:
      try_statement(node, state);
      break;
    case Kind::with_statement:
      with_statement(node, state);
      break;
    case Kind::match_statement:
      match_statement(node, state);
      break;
    case Kind::return_statement:
      return_statement(node, state);
      break;
    case Kind::raise_statement:
    case Kind::continue_statement:
    case Kind::break_statement:
      state.alive = false;
      break;
    case Kind::assert_statement:
      if (const Condition test = condition(*node.children().begin(), state);
          test.truth != Condition::Truth::never) {
        state.known.add(test.if_true);
      }
      break;
    case Kind::block:
      block(node, state);
      break;
    case Kind::function_definition:
    case Kind::decorated_definition: {
      const Node inner = python::undecorated(node);
      Abstract value;
      value.type = Abstract::Type::function;
      value.node = inner;
      state.locals[std::string(python::definition_name(inner))] = value;
      break;
    }
    default:
      break;
  }
}

/// Tells of rows whether no variable carries them.
std::function<bool(int)> Machine::absent_from(const State& state) {
  std::set<int> held;
  for (const auto& [name, value] : state.locals) held.merge(carried(value));
  return [held = std::move(held)](int row) { return !held.contains(row); };
}

void Machine::join(State& into, const State& other) {
  if (!other.alive) return;
  if (!into.alive) {
    into = other;
    return;
  }
  into.known.keep_owned(other.known, absent_from(into), absent_from(other));
  for (const auto& [name, value] : other.locals) {
    const auto found = into.locals.find(name);
    if (found == into.locals.end()) {
      into.locals.emplace(name, value);
    } else {
      found->second = merged(found->second, value);
    }
  }
}

void Machine::if_statement(Node node, State& state) {
  State otherwise = state;
  const Condition first = condition(node.child(Field::condition), state);
  otherwise.locals = state.locals;
  otherwise.known.add(first.if_false);
  State result = state;
  if (first.truth == Condition::Truth::never) {
    result.alive = false;
  } else {
    result.known.add(first.if_true);
    block(node.child(Field::consequence), result);
  }
  if (first.truth == Condition::Truth::always) otherwise.alive = false;
  for (const Node part : node.children()) {
    if (part.field() != Field::alternative) continue;
    if (!otherwise.alive) break;
    if (part.is(Kind::else_clause)) {
      block(part.child(Field::body), otherwise);
      join(result, otherwise);
      state = std::move(result);
      return;
    }
    const Condition next = condition(part.child(Field::condition), otherwise);
    State branch = otherwise;
    branch.known.add(next.if_true);
    otherwise.known.add(next.if_false);
    if (next.truth != Condition::Truth::never) {
      block(part.child(Field::consequence), branch);
      join(result, branch);
    }
    if (next.truth == Condition::Truth::always) otherwise.alive = false;
  }
  join(result, otherwise);
  state = std::move(result);
}

void Machine::loop(Node node, State& state) {
  State inside = state;
  if (node.is(Kind::for_statement)) {
    const Abstract items = eval(node.child(Field::right), inside);
    state.locals = inside.locals;
    assign(node.child(Field::left), items, inside);
  } else {
    const Condition test = condition(node.child(Field::condition), inside);
    inside.known.add(test.if_true);
  }
  const bool outer = frame().in_loop;
  frame().in_loop = true;
  block(node.child(Field::body), inside);
  frame().in_loop = outer;
  const Knowledge before = state.known;
  inside.alive = true;
  join(state, inside);
  state.known = before;
}

void Machine::try_statement(Node node, State& state) {
  const State before = state;
  block(node.child(Field::body), state);
  State result = state;
  for (const Node part : node.children()) {
    if (part.is(Kind::except_clause) || part.is(Kind::except_group_clause)) {
      State handler = before;
      for (const auto& [name, value] : state.locals) handler.locals.try_emplace(name, value);
      if (const Node body = part.child(Kind::block)) block(body, handler);
      join(result, handler);
    } else if (part.is(Kind::else_clause) && result.alive && state.alive) {
      State rest = state;
      block(part.child(Field::body), rest);
      join(result, rest);
    }
  }
  if (const Node last = node.child(Kind::finally_clause)) {
    const bool alive = result.alive;
    result.alive = true;
    if (const Node body = last.child(Kind::block)) block(body, result);
    result.alive = result.alive && alive;
  }
  state = std::move(result);
}

void Machine::with_statement(Node node, State& state) {
  if (const Node clause = node.child(Kind::with_clause)) {
    for (const Node item : clause.children()) {
      Node value = item.child(Field::value);
      if (!value.is(Kind::as_pattern)) {
        eval(value, state);
        continue;
      }
      const Node expression = *value.children().begin();
      const Abstract opened = eval(expression, state);
      if (const Node target = value.child(Kind::as_pattern_target)) {
        for (const Node name : target.children()) assign(name, opened, state);
      }
    }
  }
  block(node.child(Field::body), state);
}

void Machine::match_statement(Node node, State& state) {
  eval(node.child(Field::subject), state);
  State result = state;
  const Node body = node.child(Field::body) ? node.child(Field::body) : node;
  for (const Node clause : body.descendants()) {
    if (!clause.is(Kind::case_clause)) continue;
    State branch = state;
    block(clause.child(Field::consequence), branch);
    join(result, branch);
  }
  state = std::move(result);
}

void Machine::return_statement(Node node, State& state) {
  Returned returned;
  if (!node.children().empty()) {
    const Node value = *node.children().begin();
    returned.value = eval(value, state);
    if (!returned.value.node) returned.value.node = value;
  }
  if (!state.alive) return;
  if (frame().answers) show(returned.value, node.location(), state);
  returned.known = state.known;
  frame().returns.push_back(std::move(returned));
  state.alive = false;
}

void Machine::assign(Node target, const Abstract& value, State& state) {
  target = python::unwrapped(target);
  switch (target.kind()) {
    case Kind::identifier:
      state.locals[std::string(target.text())] = value;
      break;
    case Kind::attribute:
      assign_attribute(target, value, state);
      break;
    case Kind::subscript: {
      const Node base = target.child(Field::value);
      const Abstract container = eval(base, state);
      const auto key = python::evaluate(target.child(Field::subscript), nullptr);
      if (container.is(Abstract::Type::form) && key.is_string() && container.rows >= 0) {
        own(rows_[static_cast<std::size_t>(container.rows)], key.text, value, state);
      }
      if (base.is(Kind::attribute) && key.is_string()) {
        const Abstract form = eval(base.child(Field::object), state);
        if (form.is(Abstract::Type::form) && form.rows >= 0) {
          own(rows_[static_cast<std::size_t>(form.rows)], key.text, value, state);
        } else if (container.is(Abstract::Type::input) && is_requester(value)) {
          request_owners_.insert(key.text);
        }
      }
      if (base.is(Kind::subscript)) {
        // groups[name]['entries'] = …: the outermost variable carries it.
        Node root = base;
        while (root.is(Kind::subscript)) root = root.child(Field::value);
        const auto more = carried(value);
        if (root.is(Kind::identifier)) {
          state.locals[std::string(root.text())].holds.insert(more.begin(), more.end());
        }
      }
      if (base.is(Kind::identifier)) {
        if (container.is(Abstract::Type::input) && key.is_string() && is_requester(value)) {
          request_owners_.insert(key.text);
        }
        Abstract& held = state.locals[std::string(base.text())];
        if (key.text == "Content-Disposition") held.name = "<attachment>";
        if (key.is_string()) {
          put(held, key.text, carried(value));
        } else {
          const auto more = carried(value);
          held.holds.insert(more.begin(), more.end());
        }
        if (key.is_string() && value.is(Abstract::Type::user)) held.name = "owner:" + key.text;
      }
      break;
    }
    case Kind::pattern_list:
    case Kind::tuple_pattern:
    case Kind::list_pattern:
    case Kind::tuple: {
      bool first = true;
      for (const Node part : target.children()) {
        Abstract piece;
        piece.holds = carried(value);
        // get_or_create() and update_or_create() give (row, created).
        if (first) piece = value;
        assign(part, piece, state);
        first = false;
      }
      break;
    }
    default:
      break;
  }
}

/// context[key] = value. A list view's context keeps the same rows under its own name as well.
void Machine::put(Abstract& dictionary, const std::string& key, std::set<int> held) const {
  const Node name = instance_.definition
                        ? program_.attribute(instance_.definition, "context_object_name")
                        : Node();
  const bool renamed =
      name.is(Kind::assignment) && python::evaluate(name.child(Field::right), nullptr).text == key;
  if (renamed) {
    dictionary.entries.erase("object_list");
    dictionary.entries.erase("object");
  }
  dictionary.entries[key] = std::move(held);
}

namespace {

/// row.short = row.title[:20]: what a loop over rows works out from each row alone says nothing of
/// the person who asks.
bool is_recomputed(Node target) {
  const Node row = target.child(Field::object);
  const Node right = target.parent().child(Field::right);
  bool of_itself = false;
  for (const Node node : right.descendants()) {
    if (!node.is(Kind::identifier) || node.field() == Field::attribute) continue;
    const bool called = node.field() == Field::function;
    if (!called && node.text() != row.text()) return false;
    of_itself = of_itself || !called;
  }
  return of_itself;
}

}  // namespace

void Machine::assign_attribute(Node target, const Abstract& value, State& state) {
  const Node base = target.child(Field::object);
  const auto name = target.child(Field::attribute).text();
  const Abstract object = eval(base, state);
  // form.fields['vault'].queryset = request.user.vaults: only these can be chosen.
  const Node fields = base.is(Kind::subscript) ? base.child(Field::value) : Node();
  if (name == "queryset" && fields.is(Kind::attribute)) {
    const Abstract form = eval(fields.child(Field::object), state);
    const auto key = python::evaluate(base.child(Field::subscript), nullptr);
    if (form.is(Abstract::Type::form) && form.rows >= 0 && key.is_string()) {
      own(rows_[static_cast<std::size_t>(form.rows)], key.text, value, state);
      return;
    }
  }
  if (object.is(Abstract::Type::rows)) {
    Rows& row = rows_[static_cast<std::size_t>(object.rows)];
    if (!frame().in_loop || row.by_key || !is_recomputed(target)) own(row, name, value, state);
  } else if (object.is(Abstract::Type::instance)) {
    objects_[static_cast<std::size_t>(object.object)][std::string(name)] = value;
  } else if (object.is(Abstract::Type::self) && frame().self != nullptr) {
    frame().self->fields[std::string(name)] = value;
  } else if (base.is(Kind::identifier)) {
    const auto more = carried(value);
    state.locals[std::string(base.text())].holds.insert(more.begin(), more.end());
  }
}

}  // namespace grader::project::access
