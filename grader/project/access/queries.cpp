#include <algorithm>
#include <array>

#include "grader/base/text.hpp"
#include "grader/project/access/machine.hpp"

namespace grader::project::access {

using python::Field;
using python::Kind;
using python::Node;
using Type = Abstract::Type;

namespace {

template <std::size_t N>
bool is_one_of(std::string_view name, const std::array<std::string_view, N>& names) {
  return std::ranges::find(names, name) != names.end();
}

constexpr std::array<std::string_view, 4> filters{"filter", "get", "get_or_create",
                                                  "update_or_create"};
constexpr std::array<std::string_view, 22> same_rows{"all",
                                                     "order_by",
                                                     "exclude",
                                                     "distinct",
                                                     "select_related",
                                                     "prefetch_related",
                                                     "values",
                                                     "values_list",
                                                     "annotate",
                                                     "defer",
                                                     "only",
                                                     "reverse",
                                                     "using",
                                                     "select_for_update",
                                                     "iterator",
                                                     "none",
                                                     "alias",
                                                     "active",
                                                     "get_queryset",
                                                     "extra",
                                                     "union",
                                                     "in_bulk"};
constexpr std::array<std::string_view, 4> one_row{"first", "last", "latest", "earliest"};
constexpr std::array<std::string_view, 6> no_content{
    "count", "exists", "aggregate", "get_absolute_url", "full_clean", "refresh_from_db"};

/// The step of a selection in words: what the request says of it, and whether it is the
/// requester's.
std::string how_selected(const Rows& rows) {
  if (rows.scoped) return "tied to the requester";
  if (rows.keys.empty()) return "selected without the requester";
  const std::vector<std::string> keys(rows.keys.begin(), rows.keys.end());
  return "selected by what the request says (" + text::join(keys, ", ") +
         "), without the requester";
}

/// True where all that the request said to find the first also found the second; `id` is `pk`.
bool found_alike(const Rows& first, const Rows& second) {
  const auto plain = [](const Rows& rows) {
    std::set<std::string> keys;
    for (const std::string& key : rows.keys)
      keys.insert(key.starts_with("id=") ? "pk" + key.substr(2) : key);
    return keys;
  };
  return !first.keys.empty() && std::ranges::includes(plain(second), plain(first));
}

/// A column in which a page notes its own use: last_viewed, opened_at, view_count.
bool keeps_books(std::string_view field) {
  return field.starts_with("last_") || field.ends_with("_at") || field.ends_with("_count") ||
         text::contains_any(field, {"accessed", "viewed", "used", "visited"});
}

/// A column that marks a row as deleted.
bool is_trash(std::string_view field) {
  return field == "is_deleted" || field == "deleted" || field == "deleted_at" ||
         field == "is_trashed" || field == "in_trash" || field == "trashed" ||
         field == "is_removed";
}

/// False and None take the mark away.
bool clears(const Abstract& value) {
  return value.node.is(Kind::false_) || value.node.is(Kind::none);
}

/// token__key, session_token…: a lookup path that ends in a secret of its own.
bool names_a_token(std::string_view path) {
  return text::contains_any(text::lower(path), {"token", "key", "secret", "session"});
}

}  // namespace

int Machine::add_rows(Rows rows) {
  rows.refined = false;
  rows_.push_back(std::move(rows));
  return static_cast<int>(rows_.size()) - 1;
}

void Machine::effect(Effect::Kind kind, int index, Location at, const State& state) {
  if (kind == Effect::Kind::update && rows(index).born) return;
  Effect result;
  result.kind = kind;
  result.rows = index;
  result.method = method_;
  result.known = state.known;
  result.decrypted = decrypted_.contains(index);
  result.known.privileged = result.known.privileged || rows(index).for_staff;
  if (rows(index).guarded && kind != Effect::Kind::create && !result.known.authenticated) {
    result.known.authenticated = true;
    result.known.steps.push_back({rows(index).trace.empty() ? at : rows(index).trace.back().at,
                                  "selected only for a signed-in user"});
  }
  for (auto parent = parent_of_.find(index); parent != parent_of_.end();
       parent = parent_of_.find(parent->second)) {
    if (result.known.owned.contains(parent->second)) result.known.owned.insert(index);
  }
  for (const auto& [child, parent] : parent_of_) {
    if (parent == index && result.known.owned.contains(child)) result.known.owned.insert(index);
  }
  result.at = std::move(at);
  result.in_loop = frame().in_loop;
  result.download = download_;
  effects_.push_back(std::move(result));
}

Abstract Machine::all_rows(const Model& model, Location at) {
  Rows all;
  all.model = &model;
  all.trace.push_back({std::move(at), "rows of " + model.name});
  Abstract value;
  value.type = Type::rows;
  value.model = &model;
  value.rows = add_rows(std::move(all));
  return value;
}

/// aget(…) does what get(…) does.
static std::string_view without_async(std::string_view name) {
  constexpr std::array twins{"aget",    "acreate", "aget_or_create", "aupdate_or_create",
                             "afirst",  "alast",   "abulk_create",   "alatest",
                             "aexists", "acount",  "aearliest",      "aupdate",
                             "adelete", "asave",   "aiterator",      "aaggregate"};
  return std::ranges::find(twins, name) == twins.end() ? name : name.substr(1);
}

Abstract Machine::query(const Abstract& source, std::string_view called, Node node, State& state) {
  const std::string_view name = without_async(called);
  if (name == "create" || name == "get_or_create" || name == "update_or_create") {
    return create(*source.model, node, state, true, comes_from(source, state));
  }
  if (name == "bulk_create") {
    const Abstract made_rows = arguments_union(node, state);
    for (const int index : made_rows.holds) {
      if (rows(index).fresh) effect(Effect::Kind::create, index, node.location(), state);
    }
    return made_rows;
  }
  Abstract from = source;
  if (source.is(Type::manager)) from = all_rows(*source.model, node.location());
  if (is_one_of(name, filters)) return selection(from, node, 0, name == "get", state);
  if (name == "none") {
    Rows empty = rows(from.rows);
    empty.scoped = true;
    empty.trace.push_back({node.location(), "no rows"});
    from.rows = add_rows(std::move(empty));
    return from;
  }
  if (is_one_of(name, same_rows)) return from;
  if (is_one_of(name, one_row)) {
    Rows one = rows(from.rows);
    one.single = true;
    from.rows = add_rows(std::move(one));
    return from;
  }
  if (name == "update") {
    for (const Node argument : node.child(Field::arguments).children()) {
      if (!argument.is(Kind::keyword_argument)) continue;
      const Abstract value = eval(argument.child(Field::value), state);
      if (is_trash(argument.child(Field::name).text())) {
        rows_[static_cast<std::size_t>(from.rows)].trashed = !clears(value);
      }
    }
    effect(Effect::Kind::update, from.rows, node.location(), state);
    return {};
  }
  if (name == "delete") {
    effect(Effect::Kind::remove, from.rows, node.location(), state);
    return {};
  }
  if (name == "save") {
    const bool fresh = rows(from.rows).fresh;
    // What a page notes of its own use is no change of the entry.
    if (!fresh && rows(from.rows).assigned.empty()) return {};
    effect(fresh ? Effect::Kind::create : Effect::Kind::update, from.rows, node.location(), state);
    rows_[static_cast<std::size_t>(from.rows)].fresh = false;
    return {};
  }
  if (is_one_of(name, no_content)) {
    arguments_union(node, state);
    Abstract answer;
    if (name == "exists" || name == "count") answer.name = "<exists>";
    answer.key_of = from.rows;
    return answer;
  }
  return own_query(source, from, name, node, state);
}

/// A method of the submission's model, or of its manager or queryset.
Abstract Machine::own_query(const Abstract& source, Abstract from, std::string_view name, Node node,
                            State& state) {
  const Model* model = rows(from.rows).model;
  const Node own_method = model != nullptr ? program_.attribute(model->definition, name) : Node();
  if (own_method.is(Kind::function_definition)) {
    Abstract result = model_method(own_method, from, node, state);
    if (!result.is(Type::rows)) result.holds.insert(from.rows);
    return result;
  }
  if (model != nullptr && !rows(from.rows).single) {
    const std::string manager = source.name.empty() ? "objects" : source.name;
    if (const Node method = manager_method(*model, manager, name)) {
      const Abstract result = model_method(method, from, node, state);
      if (result.is(Type::rows) || result.is(Type::form)) return result;
    }
  }
  Abstract result = arguments_union(node, state);
  if (!rows(from.rows).single) {
    // A custom manager's or queryset's method: it may filter by what it is given.
    const bool given_requester =
        std::ranges::any_of(node.child(Field::arguments).children(),
                            [&](Node argument) { return eval(argument, state).is(Type::user); });
    Rows next = rows(from.rows);
    next.unclear = next.unclear || !next.scoped;
    if (given_requester) {
      next.scoped = true;
      next.unclear = false;
      next.trace.push_back({node.location(), "selected for the requester by " + std::string(name)});
    }
    from.rows = add_rows(std::move(next));
    return from;
  }
  result.holds.insert(from.rows);
  return result;
}

Abstract Machine::selection(const Abstract& source, Node node, std::size_t first, bool single,
                            State& state) {
  Rows next = rows(source.rows);
  next.single = next.single || single;
  constrain(next, node.child(Field::arguments), first, state);
  next.trace.push_back({node.location(), how_selected(next)});
  Abstract value = source;
  value.type = Type::rows;
  const int parent = source.rows;
  value.rows = add_rows(std::move(next));
  rows_[static_cast<std::size_t>(parent)].refined = true;
  if (state.known.owned.contains(parent)) state.known.owned.insert(value.rows);
  // A row found by the same key of the request as one that was found to be the requester's.
  const Rows& found = rows(value.rows);
  const bool same = std::ranges::any_of(state.known.owned, [&](int index) {
    const Rows& owned = rows(index);
    return owned.model == found.model && found_alike(owned, found);
  });
  if (same) state.known.owned.insert(value.rows);
  if (single) state.known.add(shared_with_requester(value.rows, node));
  return value;
}

/// A row that ties the requester to other rows, as a membership or a share does: where it is known
/// to be there, those are the requester's to see.
Knowledge Machine::shared_with_requester(int index, Node node) {
  Knowledge known;
  const Rows& membership = rows(index);
  if (membership.scoped && !membership.keys.empty()) {
    for (int i = 0; i < static_cast<int>(rows_.size()); ++i) {
      const Rows& same = rows(i);
      if (same.model == membership.model && found_alike(membership, same)) known.owned.insert(i);
    }
  }
  if (!membership.scoped || membership.joined.empty() || membership.model == nullptr ||
      index_.holds_secrets(*membership.model)) {
    return known;
  }
  for (int row : membership.joined) {
    for (int depth = 0; depth < 4; ++depth) {
      known.owned.insert(row);
      const auto parent = parent_of_.find(row);
      if (parent == parent_of_.end()) break;
      row = parent->second;
    }
  }
  known.steps.push_back(
      {node.location(), "a row of " + membership.model->name + " ties it to the requester"});
  return known;
}

void Machine::constrain(Rows& selected, Node arguments, std::size_t first, State& state) {
  std::size_t position = 0;
  for (const Node argument : arguments.children()) {
    if (argument.is(Kind::comment)) continue;
    if (argument.is(Kind::keyword_argument)) {
      constrain_by(selected, argument.child(Field::name).text(), argument.child(Field::value),
                   state);
    } else if (argument.is(Kind::dictionary_splat) || argument.is(Kind::list_splat)) {
      const Abstract value = eval(*argument.children().begin(), state);
      if (value.name.starts_with("owner:")) {
        selected.scoped = true;
      } else if (value.is(Type::input)) {
        selected.by_key = true;
      } else if (!selected.scoped) {
        selected.unclear = true;
      }
    } else if (position++ >= first) {
      if (q_scopes(argument, selected, state)) selected.scoped = true;
    }
  }
}

void Machine::constrain_by(Rows& selected, std::string_view path, Node value_node, State& state) {
  const Abstract value = eval(value_node, state);
  if (selected.model == nullptr) return;
  if (value.is(Type::input) && value.name == "<cookie>" && names_a_token(path)) {
    selected.by_token = true;
  }
  if (value.is(Type::input) && !value.name.empty()) {
    selected.keys.insert(std::string(path) + "=" + value.name);
  }
  const LookupTarget target = follow_lookup(models_, *selected.model, path);
  using Leads = LookupTarget::Kind;
  switch (target.kind) {
    case Leads::user:
    case Leads::user_key: {
      const bool own_row = value.is(Type::rows) &&
                           (state.known.owned.contains(value.rows) || rows(value.rows).scoped);
      if (value.is(Type::user) || value.is(Type::user_key) || own_row) {
        selected.scoped = true;
        selected.by_user_object = selected.by_user_object || value.is(Type::user);
      } else if (value.is(Type::unknown) && value.holds.empty()) {
        selected.unclear = true;
      } else {
        selected.by_key = true;
      }
      break;
    }
    case Leads::relation:
      if (const int index = value.is(Type::rows) ? value.rows : value.key_of; index >= 0) {
        const bool own_row = rows(index).scoped || state.known.owned.contains(index);
        selected.joined.insert(index);
        selected.scoped = selected.scoped || own_row;
        if (own_row) selected.unclear = false;
      } else if (value.is(Type::user)) {
        selected.scoped = true;
      } else {
        selected.by_key = true;
      }
      break;
    case Leads::primary_key:
    case Leads::other: {
      const bool owner_id = target.kind == Leads::primary_key && selected.model->is_user;
      if (owner_id && value.is(Type::user_key)) selected.scoped = true;
      // Whom a row was given to, kept as a name: filter(shared_to=request.user.username).
      const bool named = target.kind == Leads::other && target.transform.empty() &&
                         (value.is(Type::user) || value.is(Type::user_key));
      selected.scoped = selected.scoped || named;
      // The account of a hand-made login, by what the session keeps of it.
      if (selected.model->is_user && value.is(Type::user_key)) selected.scoped = true;
      const bool own_id = value.key_of >= 0 &&
                          (rows(value.key_of).scoped || state.known.owned.contains(value.key_of));
      if (target.kind == Leads::primary_key && own_id) selected.scoped = true;
      // filter(id=entry.id) of a row already found to be the requester's.
      const auto carried_rows = value.holds;
      if (std::ranges::any_of(carried_rows, [&](int i) { return rows(i).scoped; })) {
        selected.scoped = true;
      }
      const bool searching =
          text::contains_any(target.transform, {"contains", "search", "startswith"});
      if (searching) selected.searched = true;
      if (searching && value.optional) selected.or_all = true;
      selected.by_key = selected.by_key || (!searching && !value.is(Type::constant));
      break;
    }
  }
}

bool Machine::q_scopes(Node node, Rows& selected, State& state) {
  node = python::unwrapped(node);
  if (!spend()) return false;
  if (node.is(Kind::binary_operator)) {
    const bool either = node.child(Field::operator_).text() == "|";
    const bool left = q_scopes(node.child(Field::left), selected, state);
    const bool right = q_scopes(node.child(Field::right), selected, state);
    return either ? left && right : left || right;
  }
  if (node.is(Kind::call)) {
    Rows part = selected;
    part.scoped = false;
    constrain(part, node.child(Field::arguments), 0, state);
    selected.searched = selected.searched || part.searched;
    selected.or_all = selected.or_all || part.or_all;
    selected.by_user_object = selected.by_user_object || part.by_user_object;
    selected.unclear = selected.unclear || part.unclear;
    return part.scoped;
  }
  if (node.is(Kind::identifier)) {
    const auto found = state.locals.find(node.text());
    if (found != state.locals.end() && found->second.is(Type::q_object)) {
      const Node written = found->second.node;
      if (written && written != node && open_names_.insert(written).second) {
        const bool scopes = q_scopes(written, selected, state);
        open_names_.erase(written);
        return scopes;
      }
      // q = q | Q(…): what it was when it was put together.
      selected.searched = selected.searched || found->second.searched;
      return found->second.scoped;
    }
    const python::Symbol symbol = program_.resolve(node);
    if (symbol.definition.is(Kind::assignment) && open_names_.insert(symbol.definition).second) {
      const bool scopes = q_scopes(symbol.definition.child(Field::right), selected, state);
      open_names_.erase(symbol.definition);
      return scopes;
    }
  }
  return false;
}

/// An unsaved row that gets the key of another one is saved in its place; `own` where that key was
/// looked up among the requester's rows.
static void take_place(Rows& row, bool own) {
  row.fresh = row.born = false;
  row.scoped = own;
  row.by_key = true;
  row.assigned.insert("*");
}

void Machine::own(Rows& row, std::string_view field, const Abstract& value, State& state) {
  if (row.model == nullptr) return;
  const LookupTarget target = follow_lookup(models_, *row.model, field);
  const bool is_owner =
      !row.model->owner.path.empty() &&
      (row.model->owner.path.front() == field || row.model->owner.path.front() + "_id" == field);
  using Leads = LookupTarget::Kind;
  if (target.kind == Leads::user || target.kind == Leads::user_key) {
    const bool own_row =
        value.is(Type::rows) && (state.known.owned.contains(value.rows) || rows(value.rows).scoped);
    if (value.is(Type::user) || value.is(Type::user_key) || own_row) {
      if (row.fresh) row.scoped = true;
      row.owner_from_request = false;
      row.by_user_object = row.by_user_object || value.is(Type::user);
    } else if (row.fresh && value.is(Type::input) && is_owner) {
      row.owner_from_request = true;
    } else if (row.fresh && value.is(Type::unknown) && is_owner) {
      row.unclear = true;
    }
    return;
  }
  if ((field == "id" || field == "pk") && row.fresh && value.is(Type::input)) {
    take_place(row, std::ranges::any_of(rows_, [&](const Rows& one) {
                 return one.model == row.model && one.by_key && one.scoped;
               }));
  }
  const bool column =
      row.model->field(field) != nullptr || bool(program_.attribute(row.model->definition, field));
  if (column && !keeps_books(field)) row.assigned.insert(std::string(field));
  if (target.kind == Leads::relation && value.is(Type::rows)) row.joined.insert(value.rows);
  if (is_trash(field)) row.trashed = !clears(value);
  if (target.kind == Leads::relation && is_owner && row.fresh) {
    if (value.is(Type::rows)) {
      row.scoped = rows(value.rows).scoped || state.known.owned.contains(value.rows);
      if (row.scoped) row.owner_from_request = false;
    } else if (value.is(Type::input)) {
      row.owner_from_request = true;
    } else {
      row.unclear = true;
    }
  }
}

/// request.user.entry_set.create(…), vault.entries.create(…): the rows that a related manager
/// stands for, if they are the requester's.
const Rows* Machine::comes_from(const Abstract& source, const State& state) const {
  if (!source.is(Type::rows)) return nullptr;
  bool own = rows(source.rows).scoped;
  for (auto parent = parent_of_.find(source.rows); !own && parent != parent_of_.end();
       parent = parent_of_.find(parent->second)) {
    own = state.known.owned.contains(parent->second);
  }
  return own ? &rows(source.rows) : nullptr;
}

Abstract Machine::create(const Model& model, Node node, State& state, bool saved,
                         const Rows* related) {
  Rows row;
  row.scoped = related != nullptr;
  row.by_user_object = related != nullptr && related->by_user_object;
  row.model = &model;
  row.single = true;
  row.fresh = true;
  row.born = true;
  row.trace.push_back({node.location(), "a new " + model.name});
  Abstract value;
  value.type = Type::rows;
  value.node = node;
  value.model = &model;
  for (const Node argument : node.child(Field::arguments).children()) {
    if (argument.is(Kind::keyword_argument)) {
      const Abstract given = eval(argument.child(Field::value), state);
      const auto name = argument.child(Field::name).text();
      if (saved && (name == "id" || name == "pk")) continue;
      own(row, name, given, state);
    } else if (argument.is(Kind::dictionary_splat)) {
      const Abstract given = eval(*argument.children().begin(), state);
      if (given.name.starts_with("owner:")) {
        row.scoped = true;
      } else if (!row.scoped) {
        row.unclear = true;
      }
    }
  }
  value.rows = add_rows(std::move(row));
  if (saved && state.alive) {
    effect(Effect::Kind::create, value.rows, node.location(), state);
    rows_[static_cast<std::size_t>(value.rows)].fresh = false;
  }
  return value;
}

/// Token.objects.get(key=…) of DRF's authtoken: who has the token is its user.
Abstract Machine::token_query(Node node, State& state) {
  arguments_union(node, state);
  state.known.authenticated = true;
  state.known.steps.push_back({node.location(), "the request carries the user's token"});
  Abstract value;
  value.type = Type::session;
  value.node = node;
  return value;
}

Abstract Machine::user_query(std::string_view name, Node node, State& state) {
  bool requester = false;
  bool unknown = false;
  for (const Node argument : node.child(Field::arguments).children()) {
    const Abstract value = eval(argument, state);
    requester = requester || value.is(Type::user_key) || value.is(Type::user);
    unknown = unknown || value.is(Type::unknown);
  }
  if (requester && name != "create" && name != "create_user") {
    Abstract value;
    value.type = Type::user;
    value.node = node;
    return value;
  }
  return {};
}

}  // namespace grader::project::access
