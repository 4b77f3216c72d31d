// The part of World that speaks JSON: with the reader, and with the helpers beside the application.

#include <unistd.h>

#include <nlohmann/json.hpp>

#include "sandbox/probe/frame.hpp"
#include "sandbox/probe/prober/words.hpp"
#include "sandbox/probe/prober/world.hpp"

namespace grader::sandbox::prober {

namespace {

using Json = nlohmann::json;

constexpr std::size_t raw_cap = 8U << 20U;
constexpr std::size_t raw_part = 6'000;
constexpr int silence = 30;

std::string text_of(const Json& object, const char* name) {
  const auto found = object.find(name);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

std::int64_t number_of(const Json& object, const char* name) {
  const auto found = object.find(name);
  return found != object.end() && found->is_number_integer() ? found->get<std::int64_t>() : 0;
}

bool flag_of(const Json& object, const char* name) {
  const auto found = object.find(name);
  return found != object.end() && found->is_boolean() && found->get<bool>();
}

std::vector<std::string> texts_of(const Json& object, const char* name) {
  std::vector<std::string> texts;
  const auto found = object.find(name);
  if (found == object.end() || !found->is_array()) return texts;
  for (const Json& one : *found)
    if (one.is_string() && texts.size() < 200) texts.push_back(one.get<std::string>());
  return texts;
}

const Json& list_of(const Json& object, const char* name) {
  static const Json none = Json::array();
  const auto found = object.find(name);
  return found != object.end() && found->is_array() ? *found : none;
}

Json parsed(const std::string& text) {
  Json value = Json::parse(text, nullptr, false);
  return value.is_object() ? value : Json::object();
}

std::string dumped(const Json& value) {
  return value.dump(-1, ' ', true, Json::error_handler_t::replace);
}

Cell cell_of(const Json& value) {
  if (value.is_string()) return {false, false, value.get<std::string>()};
  if (value.is_object() && value.contains("x")) return {false, true, text_of(value, "x")};
  if (value.is_object()) return {false, false, text_of(value, "n")};
  return {};
}

Change change_of(const Json& one) {
  Change change;
  const std::string what = text_of(one, "what");
  change.what = what == "added"     ? Change::What::added
                : what == "changed" ? Change::What::changed
                                    : Change::What::deleted;
  change.table = text_of(one, "table");
  change.row = number_of(one, "row");
  change.columns = texts_of(one, "columns");
  if (const auto values = one.find("values"); values != one.end() && values->is_object())
    for (const auto& [name, value] : values->items()) change.values[name] = cell_of(value);
  return change;
}

Field field_of(const Json& one) {
  Field field;
  field.name = text_of(one, "name");
  field.type = text_of(one, "type");
  field.choices = texts_of(one, "choices");
  field.label = lower(text_of(one, "label"));
  field.required = flag_of(one, "required");
  field.max = static_cast<int>(number_of(one, "max"));
  return field;
}

RouteHint route_of(const Json& one, const std::string& user_table) {
  RouteHint route;
  for (const Json& token : list_of(one, "tokens")) {
    if (token.is_string()) route.tokens.push_back({token.get<std::string>(), {}});
    if (token.is_array() && token.size() == 2 && token[0].is_string() && token[1].is_string())
      route.tokens.push_back({token[0].get<std::string>(), token[1].get<std::string>()});
  }
  route.name = text_of(one, "name");
  route.view = text_of(one, "view");
  route.path = text_of(one, "path");
  route.line = static_cast<int>(number_of(one, "line"));
  route.form = texts_of(one, "form");
  route.json = texts_of(one, "json");
  route.query = texts_of(one, "query");
  route.methods = texts_of(one, "methods");
  route.api = flag_of(one, "api");
  route.reads = flag_of(one, "reads");
  const auto actions = one.find("actions");
  route.has_actions = actions != one.end() && actions->is_object() && !actions->empty();
  if (route.has_actions && !actions->contains("get")) route.reads = false;
  for (const Json& field : list_of(one, "fields")) {
    route.fields.push_back(field_of(field));
    route.fields.back().names_user = text_of(field, "to") == user_table && !user_table.empty();
  }
  return route;
}

ModelHint model_of(const Json& one) {
  ModelHint model;
  model.name = text_of(one, "name");
  model.table = text_of(one, "table");
  model.own = flag_of(one, "own");
  for (const Json& column : list_of(one, "columns")) {
    model.columns.push_back({text_of(column, "name"), text_of(column, "column"),
                             text_of(column, "type"), text_of(column, "to"),
                             static_cast<int>(number_of(column, "max")), flag_of(column, "unique"),
                             flag_of(column, "null"), flag_of(column, "key")});
  }
  return model;
}

/// Django's own notes, which say nothing of what a request did.
bool is_note(const Change& change) {
  static constexpr std::string_view tables[] = {"django_session", "django_migrations",
                                                "django_content_type", "auth_permission",
                                                "django_admin_log"};
  for (const std::string_view table : tables)
    if (change.table == table) return true;
  if (change.what != Change::What::changed) return false;
  for (const std::string& column : change.columns) {
    const std::string name = lower(column);
    const bool visit =
        name.find("last_") != std::string::npos || name.find("accessed") != std::string::npos ||
        name.find("viewed") != std::string::npos || name.find("_count") != std::string::npos;
    if (!visit) return false;
  }
  return true;
}

}  // namespace

std::string World::consult(char how, const std::string& asked) {
  if (!socket_.valid() && !reader_failed_)
    socket_ = Descriptor(frame::connect(places_.socket.c_str(), silence));
  std::optional<std::string> told;
  if (socket_.valid() && frame::write(socket_.get(), how + asked))
    told = frame::read(socket_.get());
  if (!told) reader_failed_ = true;
  return told.value_or("");
}

std::string World::control(const std::string& path, const std::string& body) {
  const Wire wire{"POST", path, {{"Host", "control"}, {"Content-Type", "application/json"}}, body};
  return exchange(places_.control, wire, {std::chrono::milliseconds(15'000), 8U << 20U}).body;
}

std::optional<Hints> World::hints() {
  const Json told = parsed(control("/hints", "{}"));
  if (!told.contains("routes")) {
    hint_failure_ = text_of(told, "error");
    return std::nullopt;
  }
  Hints hints;
  hints.user_table = text_of(told, "user_table");
  hints.user_name = text_of(told, "user_name");
  hints.login_url = text_of(told, "login_url");
  if (const std::string name = text_of(told, "session_cookie"); !name.empty())
    hints.session_cookie = name;
  if (const std::string name = text_of(told, "csrf_cookie"); !name.empty())
    csrf_cookie_ = hints.csrf_cookie = name;
  for (const Json& one : list_of(told, "routes"))
    hints.routes.push_back(route_of(one, hints.user_table));
  for (const Json& one : list_of(told, "models")) hints.models.push_back(model_of(one));
  return hints;
}

bool World::keep(int slot) {
  const Json told = parsed(consult('F', dumped({{"do", "keep"}, {"slot", slot}})));
  tables_ = static_cast<int>(number_of(told, "tables"));
  return told.contains("files");
}

bool World::restore(int slot) {
  const Json told = parsed(consult('F', dumped({{"do", "restore"}, {"slot", slot}})));
  return flag_of(told, "same") || flag_of(told, "written");
}

Changes World::changes(int slot) {
  Changes changes;
  const Json told = parsed(consult('F', dumped({{"do", "changes"}, {"slot", slot}})));
  for (const Json& one : list_of(told, "changes")) {
    Change change = change_of(one);
    if (!is_note(change)) changes.push_back(std::move(change));
  }
  return changes;
}

std::vector<Hit> World::find(std::string_view needle, bool in_files) {
  std::vector<Hit> hits;
  const Json told = parsed(
      consult('F', dumped({{"do", "find"}, {"needle", std::string(needle)}, {"files", in_files}})));
  for (const Json& one : list_of(told, "hits"))
    hits.push_back({text_of(one, "table"), text_of(one, "column"), text_of(one, "file"),
                    number_of(one, "row"), text_of(one, "how")});
  return hits;
}

bool World::edit(const std::string& table, std::int64_t row, const std::string& column,
                 std::string_view bytes) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string hex;
  for (const char one : bytes)
    (hex += digits[static_cast<unsigned char>(one) >> 4U]) +=
        digits[static_cast<unsigned char>(one) & 15U];
  const Json told = parsed(consult(
      'F',
      dumped(
          {{"do", "edit"}, {"table", table}, {"row", row}, {"column", column}, {"bytes", hex}})));
  return flag_of(told, "written");
}

bool World::add_copies(const std::string& table, std::int64_t row, int count,
                       const std::vector<std::string>& fresh, const std::string& key) {
  const Json told = parsed(consult('F', dumped({{"do", "copies"},
                                                {"table", table},
                                                {"row", row},
                                                {"count", count},
                                                {"fresh", fresh},
                                                {"key", key}})));
  return flag_of(told, "written");
}

bool World::make_user(Actor& actor) {
  const Json told = parsed(control(
      "/user",
      dumped({{"username", actor.name}, {"email", actor.mail}, {"password", actor.password}})));
  if (!told.contains("id")) return false;
  actor.user_id = told["id"].is_string() ? told["id"].get<std::string>() : told["id"].dump();
  return true;
}

bool World::make_session(Actor& actor) {
  const Json told = parsed(control("/session", dumped({{"id", actor.user_id}})));
  for (const Json& pair : list_of(told, "cookies")) {
    if (pair.is_array() && pair.size() == 2 && pair[0].is_string() && pair[1].is_string())
      actor.cookies[pair[0].get<std::string>()] = pair[1].get<std::string>();
  }
  return !list_of(told, "cookies").empty();
}

void World::activate(const Actor& actor) { control("/activate", dumped({{"id", actor.user_id}})); }

bool World::make_entry(const std::string& table, const Actor& owner, const std::string& title,
                       const std::string& secret) {
  return parsed(control("/entry", dumped({{"table", table},
                                          {"owner", owner.user_id},
                                          {"title", title},
                                          {"secret", secret}})))
      .contains("id");
}

std::vector<std::string> World::seed_tables(const std::string& table, const Actor& owner) {
  return texts_of(parsed(control("/seed", dumped({{"table", table}, {"owner", owner.user_id}}))),
                  "made");
}

std::vector<std::string> World::mail() {
  std::vector<std::string> letters;
  const Json told = parsed(control("/mail", "{}"));
  for (const Json& one : list_of(told, "mail"))
    letters.push_back(text_of(one, "subject") + "\n" + text_of(one, "body"));
  return letters;
}

void World::record(const Actor& actor, const Wire& wire, const Answer& answer) {
  if (raw_size_ > raw_cap) return;
  const auto headers = [](const Headers& all) {
    Json list = Json::array();
    for (const auto& [name, value] : all) list.push_back(name + ": " + value.substr(0, 500));
    return list;
  };
  std::string text = dumped({{"who", actor.who},
                             {"method", wire.method},
                             {"target", wire.target},
                             {"headers", headers(wire.headers)},
                             {"body", wire.body.substr(0, raw_part)},
                             {"status", answer.status},
                             {"failure", answer.failure},
                             {"answer_headers", headers(answer.headers)},
                             {"answer", answer.body.substr(0, raw_part)}});
  raw_size_ += text.size();
  raw_.push_back(std::move(text));
}

std::string World::raw() const {
  std::string text = "[";
  for (const std::string& one : raw_) text += (text.size() > 1 ? ",\n" : "") + one;
  return text + "]";
}

}  // namespace grader::sandbox::prober
