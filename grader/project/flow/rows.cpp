#include <algorithm>
#include <initializer_list>
#include <optional>
#include <set>

#include "grader/project/flow/machine.hpp"

namespace grader::project::flow {

using python::Field;
using python::Kind;
using python::Node;

namespace {

bool one_of(std::string_view name, std::initializer_list<std::string_view> names) {
  return std::ranges::find(names, name) != names.end();
}

std::string_view without_async(std::string_view name) {
  if (one_of(name, {"aget", "acreate", "afirst", "alast", "aupdate", "asave", "adelete", "acount",
                    "aexists", "aget_or_create", "aupdate_or_create", "abulk_create"})) {
    name.remove_prefix(1);
  }
  return name;
}

/// Queries that give rows without reading them yet.
bool gives_rows(std::string_view name) {
  return one_of(name, {"all",
                       "filter",
                       "exclude",
                       "order_by",
                       "distinct",
                       "reverse",
                       "only",
                       "defer",
                       "using",
                       "annotate",
                       "select_related",
                       "prefetch_related",
                       "none",
                       "iterator",
                       "union",
                       "intersection",
                       "difference",
                       "select_for_update",
                       "get_queryset",
                       "values",
                       "values_list",
                       "extra",
                       "raw",
                       "alias",
                       "page",
                       "get_page"});
}

bool reads_one(std::string_view name) {
  return one_of(name, {"get", "first", "last", "latest", "earliest"});
}

Ref with_joined(const Ref& rows, std::string_view name, const Arguments& given) {
  Value value = *rows;
  if (name == "select_related" || name == "prefetch_related") {
    if (given.positional.empty()) value.flaws.emplace_back("*");
    for (const auto& one : given.positional) {
      // "a__b" joins a as well; Prefetch('a', …) is not looked into.
      const std::string path =
          one->is(Value::Kind::constant) ? one->literal.text : std::string("*");
      value.flaws.push_back(path.substr(0, path.find("__")));
    }
  }
  if (name == "values" || name == "values_list") {
    value.flaws.emplace_back("*");
    if (given.positional.empty() && given.named.empty()) value.flaws.emplace_back(every_column);
  }
  return std::make_shared<const Value>(std::move(value));
}

Ref pair_of(Machine& machine, const Ref& first, Node node, State& state) {
  const Ref pair = machine.make_object("tuple", {}, node, state);
  machine.writable(pair, state)->attributes = {
      {"[0]", first}, {"[1]", input(Source::other, "whether it is new", node)}};
  return pair;
}

}  // namespace

Ref Machine::new_row(const Model& model, bool stored, Node node, State& state) {
  const Ref row = make_object(model.qualified, model.definition, node, state);
  writable(row, state)->stored = stored;
  return row;
}

void Machine::fill_row(const Ref& row, const Arguments& given, Node node, State& state) {
  if (given.rest) {
    const Object* more = object(given.rest, state);
    const Names entries = more == nullptr ? Names() : more->attributes;
    bool known = false;
    for (const auto& [key, value] : entries) {
      if (key.size() < 3 || !key.starts_with("[")) continue;
      known = true;
      set_attribute(row, key.substr(1, key.size() - 2), value, node, state);
    }
    if (!known) {
      const Object copy = *object(row, state);
      const Ref value = item(given.rest, constant_text(secret_field()), node, state);
      if (is_entry(copy)) set_attribute(row, secret_field(), value, node, state);
    }
  }
  const Model* model = model_of(object(row, state)->definition);
  for (std::size_t i = 0; model != nullptr && i < given.positional.size(); ++i) {
    // Positional arguments follow the fields, after the id that Django adds.
    if (i == 0 || i > model->fields.size()) continue;
    set_attribute(row, model->fields[i - 1].name, given.positional[i], node, state);
  }
  for (const auto& [name, value] : given.named) {
    if (name != "defaults") set_attribute(row, name, value, node, state);
  }
}

Ref Machine::rows_method(const Ref& rows, std::string_view name, const Arguments& given, Node node,
                         State& state) {
  name = without_async(name);
  const Model* model = project_.models.find(rows->name);
  if (model == nullptr) return unknown("rows of " + rows->name, node);
  if (rows->definition) {
    if (Ref own = method(rows->definition, name)) {
      Value function = *own;
      Value plain = *rows;
      plain.definition = {};
      function.parts = {std::make_shared<const Value>(std::move(plain))};
      return invoke(function, given, node, state);
    }
  }
  if (gives_rows(name)) return with_joined(rows, name, given);
  const bool query =
      reads_one(name) || one_of(name, {"count", "exists", "create", "update", "delete",
                                       "get_or_create", "update_or_create", "aggregate"});
  if (query && !loops_.empty()) {
    flow_.queries.push_back({node, loops_.back(), {}, {}});
  }
  if (reads_one(name)) return new_row(*model, true, node, state);
  if (name == "model") {
    const Ref row = new_row(*model, false, node, state);
    fill_row(row, given, node, state);
    return row;
  }
  if (name == "create") {
    const Ref row = new_row(*model, false, node, state);
    fill_row(row, given, node, state);
    save_row(row, node, state);
    return row;
  }
  if (name == "get_or_create" || name == "update_or_create") {
    const Ref row = new_row(*model, name == "update_or_create", node, state);
    fill_row(row, given, node, state);
    if (Ref defaults = given.named_as("defaults")) {
      Arguments more;
      more.rest = defaults;
      fill_row(row, more, node, state);
    }
    save_row(row, node, state);
    return pair_of(*this, row, node, state);
  }
  if (one_of(name, {"bulk_create", "bulk_update"}) && given.at(0)) {
    // Neither calls the model's own save().
    for (const auto& row : alternatives(element(given.at(0), node, state))) {
      if (object(row, state) != nullptr) store_row(row, node, state);
    }
    return given.at(0);
  }
  if (name == "update") {
    const Ref row = new_row(*model, true, node, state);
    fill_row(row, given, node, state);
    store_row(row, node, state);
  }
  return input(Source::other, std::string(name) + "()", node);
}

Ref Machine::related_create(const Ref& of, std::string_view name, const Arguments& given, Node node,
                            State& state) {
  const Model* model = project_.models.entry_model();
  if (model == nullptr || !given.named_as(secret_field())) return nullptr;
  const bool fits = std::ranges::all_of(given.named, [&](const auto& one) {
    return one.first == "defaults" || model->field(one.first) != nullptr;
  });
  if (!fits) return nullptr;
  (void)of;
  Value rows;
  rows.kind = Value::Kind::rows;
  rows.name = model->qualified;
  return rows_method(std::make_shared<const Value>(std::move(rows)), name, given, node, state);
}

Ref Machine::row_attribute(const Ref& row, const Object& object, std::string_view name, Node node,
                           State& state) {
  const Model* model = object.definition ? model_of(object.definition) : nullptr;
  if (model == nullptr) return nullptr;
  if (name == "pk" || name == "id") {
    return object.stored ? input(Source::row, model->qualified + ".pk", node) : none_value(node);
  }
  if (name == "_state") return input(Source::other, object.stored ? "stored" : "adding", node);
  const bool id_of = name.ends_with("_id");
  const ModelField* field = model->field(id_of ? name.substr(0, name.size() - 3) : name);
  if (field == nullptr) field = model->field(name);
  // AbstractBaseUser and AbstractUser bring columns of their own.
  const bool inherited = model->is_user && (name == "password" || name == "username" ||
                                            name == "email" || name == "last_login");
  if (field == nullptr && inherited) {
    return input(Source::row, model->qualified + "." + std::string(name), node);
  }
  if (field == nullptr) return related_rows(*model, name, node);
  if (field->relation && !id_of && !field->type.ends_with("ManyToManyField")) {
    if (object.looped) note_relation(object, *field, node);
    if (const Model* target = project_.models.find(field->target)) {
      const Ref other = new_row(*target, true, node, state);
      writable(row, state)->attributes[field->name] = other;
      return other;
    }
    return input(Source::row, field->target, node);
  }
  if (field->relation && field->type.ends_with("ManyToManyField")) {
    Value rows;
    rows.kind = Value::Kind::rows;
    rows.name = field->target;
    rows.node = node;
    return std::make_shared<const Value>(std::move(rows));
  }
  return input(Source::row, model->qualified + "." + std::string(name), node);
}

void Machine::note_relation(const Object& row, const ModelField& field, Node node) {
  if (loops_.empty()) return;
  const auto& joined = row.looped->flaws;
  const bool known = std::ranges::any_of(
      joined, [&](const std::string& name) { return name == field.name || name == "*"; });
  if (!known) flow_.queries.push_back({node, loops_.back(), field.name, row.looped->node});
}

Ref Machine::related_rows(const Model& model, std::string_view name, Node node) {
  for (const auto& other : project_.models.all) {
    for (const auto& field : other.fields) {
      if (!field.relation || field.target != model.qualified) continue;
      const auto given = python::evaluate(python::keyword(field.call, "related_name"), nullptr);
      std::string default_name = other.name;
      std::ranges::transform(default_name, default_name.begin(),
                             [](char c) { return c >= 'A' && c <= 'Z' ? char(c + 32) : c; });
      const std::string related = given.is_string() ? given.text : default_name + "_set";
      if (related != name) continue;
      Value rows;
      rows.kind = Value::Kind::rows;
      rows.name = other.qualified;
      rows.node = node;
      // Django knows the row from which they were asked for.
      rows.flaws = {field.name};
      return std::make_shared<const Value>(std::move(rows));
    }
  }
  return nullptr;
}

Ref Machine::row_method(const Ref& row, std::string_view name, const Arguments& given, Node node,
                        State& state) {
  name = without_async(name);
  const Object* known = object(row, state);
  if (name == "save") {
    if (!loops_.empty()) flow_.queries.push_back({node, loops_.back(), {}, {}});
    store_row(row, node, state);
    return none_value(node);
  }
  if (known != nullptr) {
    const Model* model = model_of(known->definition);
    if (model != nullptr && model->is_user && name == "set_password") return none_value(node);
  }
  const Ref value = attribute(row, name, node, state);
  if (value->is(Value::Kind::rows) || value->is(Value::Kind::callable)) {
    return call_value(value, given, node, state);
  }
  if (Ref created = related_create(row, name, given, node, state)) return created;
  return input(Source::other, std::string(name) + "()", node);
}

void Machine::save_row(const Ref& row, Node node, State& state) {
  call_method(row, "save", {}, node, state);
}

void Machine::store_row(const Ref& row, Node node, State& state) {
  for (const auto& one : alternatives(row)) {
    const Object* known = object(one, state);
    if (known == nullptr || !known->definition) continue;
    for (auto [at, end] = receivers_.equal_range(known->type); at != end; ++at) {
      Arguments given;
      given.named = {{"sender", type_of(known->type, known->definition)}, {"instance", one}};
      Value function;
      function.kind = Value::Kind::callable;
      function.definition = at->second;
      invoke(function, given, node, state);
      known = object(one, state);
    }
    if (is_entry(*known)) {
      const Ref value = known->get(secret_field());
      const bool stored = known->stored;
      const Node assigned = known->assigned;
      if (value) write_secret(value, node, stored, state, one->id, assigned);
    }
    if (Object* changed = writable(one, state)) changed->stored = true;
  }
}

namespace {

/// The column's own content, or nothing: not a write.
bool is_unchanged(const Ref& value, const std::string& column) {
  return std::ranges::all_of(alternatives(value),
                             [&](const Ref& one) {
                               return one->is(Value::Kind::constant) || one->is_input(Source::row);
                             }) &&
         any_part(value, [&](const Value& part) {
           return part.is_input(Source::row) && part.name == column;
         });
}

bool protects(const Ref& value) { return value->has(Trait::changed); }

/// The random values that the key of a ciphertext is made of.
std::set<const Value*> random_keys(const Ref& secret) {
  std::set<const Value*> keys;
  any_part(secret, [&](const Value& part) {
    if (!part.made_by(Op::cipher)) return false;
    any_part(part.key, [&](const Value& leaf) {
      if (leaf.is_input(Source::random)) keys.insert(&leaf);
      return false;
    });
    return false;
  });
  return keys;
}

/// Looks for one of the keys in a stored value: as it is, or encrypted under another key.
void find_key(const std::set<const Value*>& keys, const Ref& value, const Ref& under,
              std::set<const Value*>& seen, Write& write) {
  if (!value->has(Trait::random) || !seen.insert(value.get()).second) return;
  if (keys.contains(value.get())) {
    if (under) {
      write.wrapping = under;
    } else {
      write.key_beside = true;
    }
  }
  for (const auto& part : value->parts) {
    find_key(keys, part, value->made_by(Op::cipher) ? value->key : under, seen, write);
  }
}

}  // namespace

void Machine::write_secret(const Ref& given, Node node, bool stored, State& state, int id,
                           Node assigned) {
  const Model* model = project_.models.entry_model();
  Ref value = given;
  const ModelField* field = model->field(secret_field());
  if (field != nullptr) {
    const python::Symbol type = program().resolve(python::callee(field->call));
    for (const auto* step : {"get_prep_value", "get_db_prep_value", "get_db_prep_save"}) {
      const Ref own = type.is_class() ? method(type.definition, step) : nullptr;
      if (!own) continue;
      Value function = *own;
      function.parts = {make_object(type.name, type.definition, node, state)};
      Arguments arguments;
      arguments.positional = {value};
      value = invoke(function, arguments, node, state);
      break;
    }
  }
  value = flat(value, state);
  if (is_unchanged(value, model->qualified + "." + secret_field())) return;
  Write write;
  write.value = value;
  write.saved = node;
  write.assigned = assigned;
  write.stored = stored;
  write.by = by_;
  const auto keys = random_keys(value);
  for (const auto& [other_id, object] : state.heap) {
    if (keys.empty() || !object->definition || model_of(object->definition) == nullptr) continue;
    std::set<const Value*> seen;
    for (const auto& [name, held] : object->attributes) {
      if (other_id != id || name != secret_field())
        find_key(keys, flat(held, state), {}, seen, write);
    }
  }
  auto& kept = state.writes[id];
  for (const auto& old : kept) {
    if (protects(value) && !protects(old.value)) state.superseded.insert(old.saved);
  }
  kept = {std::move(write)};
}

namespace {

/// Words of an SQL text, lower case, with placeholders as "%".
std::vector<std::string> sql_words(std::string_view sql) {
  std::vector<std::string> words(1);
  for (std::size_t i = 0; i < sql.size(); ++i) {
    const char c = sql[i];
    const bool letter =
        (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || (c >= '0' && c <= '9');
    if (letter) {
      words.back() += c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
      continue;
    }
    if (!words.back().empty()) words.emplace_back();
    if (c == '?' || (c == '%' && i + 1 < sql.size() && sql[i + 1] == 's')) {
      words.back() = "%";
      words.emplace_back();
      if (c == '%') ++i;
    }
  }
  return words;
}

/// Which placeholder of an INSERT or UPDATE gives this column its value.
std::optional<std::size_t> placeholder_of(const std::vector<std::string>& words,
                                          std::string_view table, std::string_view column) {
  if (words.size() < 3 || (words[0] != "insert" && words[0] != "update")) return std::nullopt;
  const auto named = std::ranges::find(words, table);
  const auto at = std::find(named, words.end(), column);
  if (named == words.end() || at == words.end()) return std::nullopt;
  const auto before =
      words[0] == "insert" ? at - named - 1 : std::count(words.begin(), at, std::string("%"));
  return static_cast<std::size_t>(before);
}

}  // namespace

void Machine::write_by_sql(const Arguments& given, Node node, State& state) {
  const Model* model = project_.models.entry_model();
  if (model == nullptr || !given.at(0) || !given.at(1)) return;
  if (!given.at(0)->is(Value::Kind::constant)) return;
  std::string table = model->app.substr(model->app.rfind('.') + 1) + "_" + model->name;
  std::ranges::transform(table, table.begin(), [](unsigned char c) {
    return static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c);
  });
  const Node meta = program().attribute(model->definition, "Meta");
  if (const Node name = meta ? python::own_attribute(meta, "db_table") : Node()) {
    table = python::evaluate(name.child(Field::right), &program()).text;
  }
  const auto words = sql_words(given.at(0)->literal.text);
  const auto place = placeholder_of(words, table, secret_field());
  if (!place) return;
  python::Value number;
  number.type = python::Value::Type::integer;
  number.number = static_cast<std::int64_t>(*place);
  const Ref value = item(given.at(1), constant(number), node, state);
  write_secret(value, node, words[0] == "update", state, next_id_++, node);
}

}  // namespace grader::project::flow
