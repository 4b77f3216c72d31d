#include <algorithm>

#include "grader/base/text.hpp"
#include "grader/project/access/machine.hpp"

namespace grader::project::access {

using python::Field;
using python::Kind;
using python::Node;
using Type = Abstract::Type;

namespace {

Abstract made(Type type, Node node = {}, std::string name = {}) {
  Abstract value;
  value.type = type;
  value.node = node;
  value.name = std::move(name);
  return value;
}

/// A session key that a hand-made login keeps: 'user_id', 'username', 'login', 'member_email'…
bool names_a_person(std::string_view key) {
  return text::contains_any(text::lower(key), {"user", "login", "member", "uid", "email", "account",
                                               "auth", "utilisateur", "usuario"});
}

}  // namespace

std::set<int> Machine::carried(const Abstract& value) {
  std::set<int> result = value.holds;
  for (const auto& [key, held] : value.entries) result.insert(held.begin(), held.end());
  if (value.rows >= 0 && !value.is(Type::owner_of) && !value.is(Type::owner_key_of)) {
    result.insert(value.rows);
  }
  return result;
}

Abstract Machine::merged(const Abstract& a, const Abstract& b) {
  Abstract result = a.is(Type::unknown) || a.is(Type::constant) ? b : a;
  const bool either = a.is(Type::constant) || b.is(Type::constant);
  result.optional = result.optional || (result.is(Type::input) && either);
  if (a.is(Type::rows) && b.is(Type::rows) && a.rows != b.rows) result = b;
  const auto more = carried(a);
  result.holds.insert(more.begin(), more.end());
  const auto also = carried(b);
  result.holds.insert(also.begin(), also.end());
  result.entries.clear();
  if (result.rows >= 0) result.holds.erase(result.rows);
  return result;
}

Abstract Machine::all_of(Node node, State& state) {
  Abstract result = made(Type::unknown, node);
  for (const Node child : node.children()) {
    const auto more = carried(eval(child, state));
    result.holds.insert(more.begin(), more.end());
  }
  return result;
}

Abstract Machine::eval(Node node, State& state) {
  node = python::unwrapped(node);
  if (!node || !state.alive || !spend()) return {};
  Abstract value = evaluated(node, state);
  for (; stamped_ < rows_.size(); ++stamped_) {
    Rows& fresh = rows_[stamped_];
    fresh.guarded = state.known.authenticated;
    fresh.for_staff = state.known.privileged;
    if (fresh.model != nullptr && !fresh.born && index_.holds_secrets(*fresh.model)) {
      selections_.emplace(static_cast<int>(stamped_), state.known);
    }
  }
  return value;
}

Abstract Machine::augmented(Node node, State& state) {
  Abstract value = eval(node.child(Field::right), state);
  const Node target = node.child(Field::left);
  if (!target.is(Kind::identifier)) return value;
  Abstract& kept = state.locals[std::string(target.text())];
  if (kept.is(Type::q_object) && value.is(Type::q_object)) {
    const bool either = node.child(Field::operator_).text().starts_with('|');
    kept.scoped = either ? kept.scoped && value.scoped : kept.scoped || value.scoped;
    kept.searched = kept.searched || value.searched;
    kept.node = {};
    return kept;
  }
  narrow(value, state);
  const auto more = carried(value);
  kept.holds.insert(more.begin(), more.end());
  return value;
}

/// Q(…) by itself: what it would do to entries.
Abstract Machine::q_value(Node node, State& state) {
  Abstract value = made(Type::q_object, node);
  Rows probe;
  probe.model = models_.entry_model();
  value.scoped = q_scopes(node, probe, state);
  value.searched = probe.searched;
  // query = query | Q(…): what it was before is not there to be asked again.
  for (const Node part : node.descendants()) {
    if (!part.is(Kind::identifier)) continue;
    const auto found = state.locals.find(part.text());
    if (found != state.locals.end() && found->second.is(Type::q_object)) value.node = {};
  }
  return value;
}

Abstract Machine::evaluated(Node node, State& state) {
  switch (node.kind()) {
    case Kind::identifier:
      return identifier(node, state);
    case Kind::attribute:
      return attribute(node, state);
    case Kind::call:
      return call(node, state);
    case Kind::subscript:
      return subscript(node, state);
    case Kind::string:
    case Kind::concatenated_string: {
      Abstract value = all_of(node, state);
      if (value.holds.empty()) value.type = Type::constant;
      return value;
    }
    case Kind::integer:
    case Kind::float_:
    case Kind::true_:
    case Kind::false_:
    case Kind::none:
      return made(Type::constant, node);
    case Kind::assignment: {
      Abstract value = eval(node.child(Field::right), state);
      if (state.alive) assign(node.child(Field::left), value, state);
      return value;
    }
    case Kind::augmented_assignment:
      return augmented(node, state);
    case Kind::binary_operator: {
      const Abstract left = eval(node.child(Field::left), state);
      if (left.is(Type::q_object)) return q_value(node, state);
      return all_of(node, state);
    }
    case Kind::named_expression: {
      Abstract value = eval(node.child(Field::value), state);
      assign(node.child(Field::name), value, state);
      return value;
    }
    case Kind::conditional_expression: {
      std::vector<Node> parts(node.children().begin(), node.children().end());
      if (parts.size() != 3) return all_of(node, state);
      const Condition test = condition(parts[1], state);
      if (test.truth == Condition::Truth::always) return eval(parts[0], state);
      if (test.truth == Condition::Truth::never) return eval(parts[2], state);
      return merged(eval(parts[0], state), eval(parts[2], state));
    }
    case Kind::boolean_operator: {
      const Abstract left = eval(node.child(Field::left), state);
      return merged(left, eval(node.child(Field::right), state));
    }
    case Kind::list_comprehension:
    case Kind::set_comprehension:
    case Kind::dictionary_comprehension:
    case Kind::generator_expression:
      return comprehension(node, state);
    case Kind::keyword_argument:
      return eval(node.child(Field::value), state);
    case Kind::await:
      return eval(*node.children().begin(), state);
    case Kind::lambda:
      return made(Type::function, node);
    case Kind::dictionary:
      return dictionary(node, state);
    case Kind::string_content:
    case Kind::string_start:
    case Kind::string_end:
    case Kind::comment:
    case Kind::token:
      return {};
    default:
      return all_of(node, state);
  }
}

Abstract Machine::identifier(Node node, State& state) {
  const std::string_view name = node.text();
  if (const auto found = state.locals.find(name); found != state.locals.end()) {
    return found->second;
  }
  const python::Symbol symbol = program_.resolve(node);
  if (symbol.is_class()) {
    if (const Model* model = models_.find(symbol.name)) {
      Abstract value = made(Type::model, symbol.definition, symbol.name);
      value.model = model;
      return value;
    }
    return made(Type::class_, symbol.definition, symbol.name);
  }
  if (symbol.is_function()) return made(Type::function, symbol.definition, symbol.name);
  if (symbol.definition.is(Kind::assignment)) {
    if (names_the_user_model(node, program_)) return made(Type::external, node, models_.user_model);
    const Node right = symbol.definition.child(Field::right);
    if (right.is(Kind::call) || right.is(Kind::attribute) || right.is(Kind::identifier)) {
      if (symbol.definition.enclosing(Kind::function_definition)) return made(Type::unknown, node);
      return made(Type::external, right, symbol.name);
    }
    return made(Type::constant, right, symbol.name);
  }
  if (symbol) return made(Type::external, node, symbol.name);
  return made(Type::unknown, node);
}

Abstract Machine::attribute(Node node, State& state) {
  const auto name = node.child(Field::attribute).text();
  const python::Symbol symbol = program_.resolve(node);
  if (symbol.is_class() || symbol.is_function()) {
    if (const Model* model = models_.find(symbol.name)) {
      Abstract value = made(Type::model, symbol.definition, symbol.name);
      value.model = model;
      return value;
    }
    return made(symbol.is_class() ? Type::class_ : Type::function, symbol.definition, symbol.name);
  }
  const Abstract object = eval(node.child(Field::object), state);
  return attribute_of(object, name, node, state);
}

Abstract Machine::attribute_of(const Abstract& object, std::string_view name, Node node,
                               State& state) {
  switch (object.type) {
    case Type::request:
      if (name == "user") return made(Type::user, node);
      if (name == "method") return made(Type::method, node);
      if (name == "session") return made(Type::session, node);
      if (name == "POST") return made(Type::external, node, "request.POST");
      if (name == "auth") return made(Type::external, node, "request.auth");
      return made(Type::input, node, std::string(name));
    case Type::user:
      return user_attribute(name, node);
    case Type::model:
      return model_attribute(*object.model, name, node);
    case Type::rows:
      return rows_attribute(object, name, node);
    case Type::owner_of:
      if (identifies_user(name)) {
        Abstract value = object;
        value.type = Type::owner_key_of;
        return value;
      }
      return made(Type::unknown, node);
    case Type::self:
      return self_attribute(name, node, state);
    case Type::instance:
      return instance_attribute(object, name, node, state);
    case Type::form:
      if (name == "instance" && object.rows >= 0) {
        Abstract value = made(Type::rows, node);
        value.rows = object.rows;
        value.model = rows(object.rows).model;
        return value;
      }
      if (name == "cleaned_data" || name == "validated_data" || name == "errors") {
        Abstract value = made(Type::input, node);
        return value;
      }
      return merged(made(Type::unknown, node), object);
    case Type::input:
      return made(Type::input, node);
    case Type::external: {
      if (object.name == models_.user_model && name == "objects") {
        return made(Type::external, node, "user.objects");
      }
      return made(Type::external, node, object.name + "." + std::string(name));
    }
    default: {
      Abstract value = made(Type::unknown, node);
      value.holds = carried(object);
      return value;
    }
  }
}

/// Model.objects, or a manager under another name.
Abstract Machine::model_attribute(const Model& model, std::string_view name, Node node) {
  bool manager = name == "objects" || name.ends_with("objects") || name == "_default_manager";
  if (const Node own = program_.attribute(model.definition, name);
      !manager && own.is(Kind::assignment)) {
    const Node right = own.child(Field::right);
    const python::Symbol made_by = program_.resolve(python::callee(right));
    manager = right.is(Kind::call) &&
              (made_by.name.ends_with("Manager") || made_by.name.ends_with("as_manager") ||
               python::dotted(python::callee(right)).ends_with("as_manager"));
  }
  if (!manager) return made(Type::unknown, node);
  Abstract value = made(Type::manager, node, std::string(name));
  value.model = &model;
  return value;
}

Abstract Machine::user_attribute(std::string_view name, Node node) {
  if (name == "is_authenticated" || name == "is_anonymous" || name == "is_staff" ||
      name == "is_superuser") {
    return made(Type::external, node, std::string(name));
  }
  if (identifies_user(name)) return made(Type::user_key, node);
  if (const Model* model = index_.reverse(models_, models_.user_model, name)) {
    Rows own_rows;
    own_rows.model = model;
    own_rows.scoped = true;
    own_rows.by_user_object = true;
    own_rows.single = is_user_model(models_, model->qualified);
    own_rows.trace.push_back(
        {node.location(), "rows of the requester: " + std::string(node.text())});
    Abstract value = made(Type::rows, node);
    value.model = model;
    value.rows = add_rows(std::move(own_rows));
    return value;
  }
  return made(Type::unknown, node);
}

Abstract Machine::rows_attribute(const Abstract& object, std::string_view name, Node node) {
  const Rows selected = rows(object.rows);
  const Model* model = selected.model;
  Abstract value = made(Type::unknown, node);
  if (name == "objects") return object;
  if (name == "model" && model != nullptr && !selected.single) {
    value.type = Type::model;
    value.model = model;
    return value;
  }
  if (model == nullptr) return value;
  if (is_user_model(models_, model->qualified) && identifies_user(name)) {
    value = object;
    value.type = selected.scoped ? Type::user_key : Type::owner_key_of;
    return value;
  }
  const LookupTarget target = follow_lookup(models_, *model, name);
  if (target.kind == LookupTarget::Kind::user || target.kind == LookupTarget::Kind::user_key) {
    const ModelField* field = model->field(name);
    if (field != nullptr && field->type.ends_with("ManyToManyField")) {
      value.holds = {object.rows};
      return value;
    }
    value.type = target.kind == LookupTarget::Kind::user ? Type::owner_of : Type::owner_key_of;
    value.rows = object.rows;
    return value;
  }
  const Model* related = target.kind == LookupTarget::Kind::relation
                             ? target.model
                             : index_.reverse(models_, model->qualified, name);
  if (related != nullptr) {
    const auto [known, fresh] = followed_.try_emplace({object.rows, std::string(name)}, -1);
    value.type = Type::rows;
    value.model = related;
    if (!fresh) {
      value.rows = known->second;
      return value;
    }
    Rows next = selected;
    next.model = related;
    next.single = target.kind == LookupTarget::Kind::relation;
    next.trace.push_back({node.location(), "followed to " + related->name});
    value.rows = add_rows(std::move(next));
    known->second = value.rows;
    // A comparison of the parent's owner answers for the row that it was reached from.
    if (target.kind == LookupTarget::Kind::relation) value.holds = {};
    parent_of_[value.rows] = object.rows;
    return value;
  }
  if (name == "id" || name == "pk" || name == "uuid" || name == "slug") {
    value.key_of = object.rows;
    return value;
  }
  value.holds = {object.rows};
  return value;
}

Abstract Machine::self_attribute(std::string_view name, Node node, State& state) {
  Instance* self = frame().self;
  if (self == nullptr) return made(Type::unknown, node);
  if (name == "request") return made(Type::request, node);
  if (name == "kwargs" || name == "args") return made(Type::input, node);
  if (const auto found = self->fields.find(name); found != self->fields.end()) {
    return found->second;
  }
  if (name == "action") return made(Type::constant, node, "action:" + self->action);
  const Node own = program_.attribute(self->definition, name);
  if (own.is(Kind::assignment)) {
    State module_level;
    module_level.known = state.known;
    return eval(own.child(Field::right), module_level);
  }
  return made(Type::unknown, node);
}

Abstract Machine::subscript(Node node, State& state) {
  const Abstract base = eval(node.child(Field::value), state);
  const Node index = node.child(Field::subscript);
  if (base.is(Type::external) && base.name == "request.POST") {
    // A missing key of request.POST raises MultiValueDictKeyError.
    if (method_ != "POST") state.alive = false;
    return made(Type::input, node);
  }
  if (base.is(Type::session)) {
    const auto key = python::evaluate(index, &program_);
    if (names_a_person(key.text)) return made(Type::user_key, node, "session");
    return made(Type::unknown, node);
  }
  if (base.is(Type::input)) {
    const auto key = python::evaluate(index, &program_);
    if (base.name == "COOKIES") return made(Type::input, node, "<cookie>");
    return made(Type::input, node, key.is_string() ? key.text : std::string());
  }
  if (base.is(Type::rows)) {
    const bool slice = index.is(Kind::slice);
    if (slice) return base;
    Rows one = rows(base.rows);
    one.single = true;
    Abstract value = base;
    value.rows = add_rows(std::move(one));
    return value;
  }
  eval(index, state);
  Abstract value = made(Type::unknown, node);
  value.holds = carried(base);
  value.registry = base.registry;
  const auto key = python::evaluate(index, &program_);
  const auto entry = base.entries.find(key.text);
  if (!key.is_string() || entry == base.entries.end()) return value;
  value.holds = entry->second;
  // One set of rows under a key is those rows: context['entries'].filter(…).
  if (entry->second.size() == 1) {
    value.type = Type::rows;
    value.rows = *entry->second.begin();
    value.model = rows(value.rows).model;
    value.holds.clear();
  }
  return value;
}

Abstract Machine::dictionary(Node node, State& state) {
  Abstract value = made(Type::unknown, node);
  for (const Node pair : node.children()) {
    const Abstract item = eval(pair.is(Kind::pair) ? pair.child(Field::value) : pair, state);
    const auto held = carried(item);
    const auto key = python::evaluate(pair.child(Field::key), nullptr);
    value.registry = value.registry || item.is(Type::function) || item.is(Type::class_);
    if (key.is_string()) {
      value.entries[key.text] = held;
      value.personal_keys[key.text] = item.is(Type::user) || item.is(Type::user_key);
    } else {
      value.holds.insert(held.begin(), held.end());
    }
  }
  return value;
}

Abstract Machine::comprehension(Node node, State& state) {
  State inner = state;
  for (const Node part : node.children()) {
    if (part.is(Kind::for_in_clause)) {
      assign(part.child(Field::left), eval(part.child(Field::right), inner), inner);
    } else if (part.is(Kind::if_clause)) {
      inner.known.add(condition(*part.children().begin(), inner).if_true);
    }
  }
  Abstract value = eval(node.child(Field::body), inner);
  const auto held = carried(value);
  const bool narrows =
      std::ranges::any_of(held, [&](int index) { return inner.known.narrowed.contains(index); });
  if (!narrows) return value;
  Abstract kept = made(Type::unknown, node);
  kept.holds = held;
  narrow(kept, inner);
  return kept;
}

}  // namespace grader::project::access
