#include "sandbox/probe/prober/accounts.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "sandbox/probe/prober/words.hpp"

namespace grader::sandbox::prober {

namespace {

using Json = nlohmann::json;

constexpr int slot = 1;  ///< of copies that live for one attempt
constexpr std::size_t pages_read = 30;

std::vector<const Field*> secret_fields(const Form& form) {
  std::vector<const Field*> found;
  for (const Field& field : form.fields) {
    const bool secret =
        field.type == "password" || (means_secret(field.name) && !describes_secret(field.name));
    if (secret && field.type != "hidden") found.push_back(&field);
  }
  return found;
}

bool is_text(const Field& field) {
  return field.type == "text" || field.type == "email" || field.type == "tel" ||
         field.type == "textarea";
}

Form form_with(std::initializer_list<const char*> names) {
  Form form;
  form.method = "post";
  for (const char* name : names) {
    Field field;
    field.name = name;
    form.fields.push_back(field);
  }
  return form;
}

bool matches(const Cell& cell, const std::string& text) {
  return !cell.null && !text.empty() && lower(cell.text) == lower(text);
}

std::string about_form(const Candidate& one) {
  return one.page + " " + one.form.action + " " + one.form.caption;
}

std::string about_route(const Candidate& one) { return one.action + " " + one.route->view; }

class Becoming {
 public:
  Becoming(World& world, const Hints& hints, Actor& actor)
      : world_(world), hints_(hints), actor_(actor) {}

  Way run() {
    Actor visitor = actor_;
    std::vector<std::string> seeds = {"/"};
    if (hints_.login_url.starts_with('/')) seeds.push_back(hints_.login_url);
    for (const std::string& path : plain_paths(hints_)) seeds.push_back(path);
    pages_ = crawl(world_, visitor, seeds, pages_read);
    register_by_pages();
    if (way_.registered.empty()) register_past_pages();
    sign_in();
    return std::move(way_);
  }

 private:
  std::vector<Candidate> on_pages() const;
  std::vector<Candidate> on_routes() const;
  std::vector<Candidate> registrations() const;
  std::vector<Candidate> logins() const;
  void register_by_pages();
  bool try_registration(const Candidate& candidate);
  bool find_account(const Changes& changes);
  void adopt(const Change& change);
  void register_past_pages();
  void finish_registration(const Reply& reply);
  void sign_in();
  bool sign_in_by_pages();
  bool try_login(const Candidate& candidate, const std::string& name);
  bool signed_in(const Attempt& attempt, const std::map<std::string, std::string>& before,
                 const Candidate& candidate);
  bool take_token(const Reply& reply);

  World& world_;
  const Hints& hints_;
  Actor& actor_;
  Way way_;
  std::vector<Visited> pages_;
};

/// The forms of the pages that were seen which take a secret, not yet scored.
std::vector<Candidate> Becoming::on_pages() const {
  std::vector<Candidate> list;
  for (const Visited& visited : pages_) {
    for (std::size_t i = 0; i < visited.page.forms.size(); ++i) {
      const Form& form = visited.page.forms[i];
      if (form.method != "post" || secret_fields(form).empty()) continue;
      Candidate one;
      one.page = visited.path;
      one.index = i;
      one.form = form;
      one.action = resolved(visited.path, form.action);
      one.context = Context::account;
      if (!one.action.empty()) list.push_back(std::move(one));
    }
  }
  return list;
}

/// What could be sent to the routes that take no parameter, not yet scored.
std::vector<Candidate> Becoming::on_routes() const {
  std::vector<Candidate> list;
  for (const RouteHint& route : hints_.routes) {
    if (!route.parameters().empty()) continue;
    Candidate one;
    one.form = form_of(route, hints_);
    one.action = route.with({});
    one.body = route.api && route.form.empty() ? Request::Body::json : Request::Body::form;
    one.context = Context::account;
    one.route = &route;
    list.push_back(std::move(one));
  }
  return list;
}

std::vector<Candidate> Becoming::registrations() const {
  std::vector<Candidate> list;
  for (Candidate& one : on_pages()) {
    const std::string about = about_form(one);
    const bool several = secret_fields(one.form).size() > 1;
    one.score = (means_registration(about) ? 3 : 0) + (several ? 2 : 0) -
                (means_login(one.form.caption + one.page) && !several ? 2 : 0) -
                (means_reset(about) ? 3 : 0);
    list.push_back(std::move(one));
  }
  for (Candidate& one : on_routes()) {
    const bool named = means_registration(about_route(one));
    const bool secret = !secret_fields(one.form).empty();
    if (!secret && !named) continue;
    one.score = named ? (secret ? 2.5 : 1) : -1;
    if (!secret)
      one.form = form_with(
          {"username", "email", "password", "password1", "password2", "confirm_password"});
    list.push_back(std::move(one));
  }
  std::ranges::stable_sort(list, std::greater<>(), &Candidate::score);
  return list;
}

void Becoming::adopt(const Change& change) {
  actor_.user_table = change.table;
  actor_.user_row = change.row;
  const ModelHint* model = hints_.model(change.table);
  const ColumnHint* key = model != nullptr ? model->key() : nullptr;
  const auto cell = change.values.find(key != nullptr ? key->column : "id");
  actor_.user_id = cell != change.values.end() ? cell->second.text : std::to_string(change.row);
}

/// The row of an account that a registration added.
bool Becoming::find_account(const Changes& changes) {
  for (const Change& change : changes) {
    if (change.what != Change::What::added || change.table != hints_.user_table) continue;
    adopt(change);
    return true;
  }
  for (const Change& change : changes) {
    if (change.what != Change::What::added) continue;
    const ModelHint* model = hints_.model(change.table);
    if (model == nullptr || !model->own) continue;
    bool mine = false;
    bool secret = false;
    bool entry = false;
    for (const auto& [column, cell] : change.values) {
      mine = mine || matches(cell, actor_.name) || matches(cell, actor_.mail);
      secret = secret || means_secret(column);
      entry = entry || means_web(column);
    }
    if (!mine || !secret || entry) continue;
    adopt(change);
    return true;
  }
  return false;
}

/// A code or a link that was mailed.
void Becoming::finish_registration(const Reply& reply) {
  for (const std::string& letter : world_.mail()) {
    const std::size_t at = letter.find("http");
    if (at == std::string::npos) continue;
    const std::size_t end = letter.find_first_of(" \r\n\"'<>", at);
    const std::size_t slash = letter.find('/', at + 8);
    if (slash < end)
      world_.ask(actor_, {.path = letter.substr(slash, end - slash), .follow = true});
    break;
  }
  const Page page = parse_page(reply.answer.body);
  for (const Form& form : page.forms) {
    const bool asks =
        std::ranges::any_of(form.fields, [](const Field& field) { return means_code(field.name); });
    if (!asks || form.method != "post") continue;
    Candidate code;
    code.form = form;
    code.action = resolved(reply.path, form.action);
    code.context = Context::account;
    submit(world_, actor_, code, {}, {}, slot, 1);
    return;
  }
}

bool Becoming::try_registration(const Candidate& candidate) {
  world_.keep(slot);
  const auto cookies = actor_.cookies;
  const Attempt attempt = submit(world_, actor_, candidate, {}, {}, slot, 3);
  bool found = find_account(attempt.changes);
  if (!found || means_code(attempt.reply.path)) {
    finish_registration(attempt.reply);
    if (!found) found = find_account(world_.changes(slot));
  }
  if (found) {
    for (const auto& [name, value] : attempt.sent) actor_.registered[name] = value;
    way_.registered = candidate.body == Request::Body::json ? "api" : "form";
    return true;
  }
  world_.restore(slot);
  actor_.cookies = cookies;
  return false;
}

void Becoming::register_by_pages() {
  const std::string usual = actor_.password;
  int tried = 0;
  bool promising = false;
  for (const Candidate& candidate : registrations()) {
    if (candidate.score < 0 || ++tried > 12 || !world_.time_left()) break;
    if (try_registration(candidate)) return;
    promising = promising || candidate.score >= 2;
    if (candidate.score < 2.5) continue;
    // Rules for passwords differ: letters and digits alone, or more kinds of characters, or a
    // number.
    const std::string plain = "Str0ng" + world_.letters(4) + "Pw9x";
    for (const std::string& other :
         {plain, "Zx9!k" + world_.letters(4) + "@7Qw", world_.digits(10)}) {
      world_.hide(other, "«" + actor_.who + "-password»");
      actor_.password = other;
      if (try_registration(candidate)) return;
    }
    actor_.password = usual;
  }
  if (promising) way_.notes.push_back("registration by its own page did not make an account");
}

void Becoming::register_past_pages() {
  world_.keep(slot);
  if (!world_.make_user(actor_)) return;
  const std::string id = actor_.user_id;
  for (const Change& change : world_.changes(slot)) {
    if (change.what == Change::What::added && change.table == hints_.user_table) adopt(change);
  }
  if (!actor_.user_table.empty()) way_.registered = "database";
}

std::vector<Candidate> Becoming::logins() const {
  std::vector<Candidate> list;
  for (Candidate& one : on_pages()) {
    const std::string about = about_form(one);
    one.score = (means_login(about) ? 3 : 0) + (secret_fields(one.form).size() == 1 ? 1 : 0) -
                (means_registration(about) ? 2 : 0);
    list.push_back(std::move(one));
  }
  for (Candidate& one : on_routes()) {
    const bool named = means_login(about_route(one)) && !means_logout(about_route(one));
    if (secret_fields(one.form).empty()) {
      if (!named) continue;
      one.form = form_with({"username", "email", "password"});
      if (one.route->api) one.body = Request::Body::json;
    }
    one.score = named ? 2.5 : -2;
    list.push_back(std::move(one));
  }
  std::ranges::stable_sort(list, std::greater<>(), &Candidate::score);
  return list;
}

bool Becoming::take_token(const Reply& reply) {
  const Json told = Json::parse(reply.answer.body, nullptr, false);
  if (!told.is_object() || reply.answer.status >= 400) return false;
  std::vector<std::pair<std::string, std::string>> flat;
  for (const auto& [name, value] : told.items()) {
    if (value.is_string()) flat.emplace_back(lower(name), value.get<std::string>());
    if (!value.is_object()) continue;
    for (const auto& [inner, text] : value.items())
      if (text.is_string()) flat.emplace_back(lower(inner), text.get<std::string>());
  }
  for (const auto& [name, value] : flat) {
    const auto has = [&name = name](std::string_view part) {
      return name.find(part) != std::string::npos;
    };
    const bool token = has("access") || has("token") || has("jwt") || name == "key";
    if (!token || has("refresh") || has("csrf") || has("type") || value.size() < 16) continue;
    const bool jwt = std::ranges::count(value, '.') == 2;
    actor_.authorization = (jwt ? "Bearer " : "Token ") + value;
    world_.hide(value, "«token»");
    return true;
  }
  return false;
}

bool Becoming::signed_in(const Attempt& attempt, const std::map<std::string, std::string>& before,
                         const Candidate& candidate) {
  const Answer& answer = attempt.reply.answer;
  const auto session = actor_.cookies.find(hints_.session_cookie);
  const auto old = before.find(hints_.session_cookie);
  const bool fresh =
      session != actor_.cookies.end() && (old == before.end() || old->second != session->second);
  const bool moved = attempt.reply.first_status >= 300 && attempt.reply.first_status < 400;
  const bool shown_again =
      answer.status == 200 && attempt.reply.path == candidate.action && answer.is_html() && !moved;
  if (fresh && (moved || !shown_again) && attempt.reply.first_status < 400) {
    way_.signed_in = candidate.body == Request::Body::json ? "api" : "form";
    return true;
  }
  if (take_token(attempt.reply)) {
    way_.signed_in = "token";
    actor_.cookies.clear();
    return true;
  }
  for (const auto& [name, value] : actor_.cookies) {
    const bool own = name != hints_.session_cookie && name != hints_.csrf_cookie &&
                     name != "messages" && !before.contains(name) && value.size() >= 16;
    if (!own || attempt.reply.first_status >= 400) continue;
    way_.signed_in = "token";
    return true;
  }
  return false;
}

bool Becoming::try_login(const Candidate& candidate, const std::string& name) {
  world_.keep(slot);
  actor_.cookies.clear();
  actor_.authorization.clear();
  // The page itself may set what the form is checked against.
  if (!candidate.page.empty()) world_.ask(actor_, {.path = candidate.page});
  Overrides overrides;
  for (const Field& field : candidate.form.fields) {
    const bool named = means_user(field.name) || means_mail(field.name) ||
                       lower(field.name).find("name") != std::string::npos ||
                       lower(field.name).find("phone") != std::string::npos;
    if (named && is_text(field) && !means_secret(field.name)) overrides[field.name] = name;
  }
  for (const Field* field : secret_fields(candidate.form)) overrides[field->name] = actor_.password;
  const auto before = actor_.cookies;
  const Attempt attempt = submit(world_, actor_, candidate, {}, overrides, slot, 1);
  const Page page = parse_page(attempt.reply.answer.body);
  const bool asks = std::ranges::any_of(page.forms, [](const Form& form) {
    return std::ranges::any_of(form.fields,
                               [](const Field& field) { return means_code(field.name); });
  });
  if (asks) finish_registration(attempt.reply);
  if (signed_in(attempt, before, candidate)) return true;
  world_.restore(slot);
  actor_.cookies.clear();
  return false;
}

bool Becoming::sign_in_by_pages() {
  std::vector<std::string> names;
  const auto add = [&](const std::string& name) {
    if (!name.empty() && names.size() < 4 && std::ranges::count(names, name) == 0)
      names.push_back(name);
  };
  for (const auto& [name, value] : actor_.registered)
    if (means_user(name) && !means_secret(name)) add(value);
  if (names.empty()) add(actor_.name);
  for (const auto& [name, value] : actor_.registered)
    if (means_mail(name)) add(value);
  add(actor_.mail);
  int tried = 0;
  for (const Candidate& candidate : logins()) {
    if (candidate.score < 0 || ++tried > 6) break;
    for (const std::string& name : names)
      if (world_.time_left() && try_login(candidate, name)) return true;
  }
  return false;
}

void Becoming::sign_in() {
  if (way_.registered.empty()) return;
  const auto kept = actor_.cookies;
  if (sign_in_by_pages()) return;
  actor_.cookies = kept;
  if (actor_.user_table != hints_.user_table) {
    if (actor_.cookies.contains(hints_.session_cookie)) way_.signed_in = "form";
    return;
  }
  world_.activate(actor_);
  if (sign_in_by_pages()) {
    way_.notes.push_back("the account had to be activated past its own pages");
    return;
  }
  actor_.cookies.clear();
  if (!world_.make_session(actor_)) return;
  way_.signed_in = "session";
  way_.notes.push_back("signing in by its own page did not work");
}

}  // namespace

Actor draw_actor(World& world, const std::string& who) {
  Actor actor;
  actor.who = who;
  actor.name = world.letters(7) + world.digits(2);
  actor.mail = actor.name + "@example.com";
  actor.password = "Q" + world.letters(5) + "-" + world.letters(4) + world.digits(3) + "!";
  actor.phone = "1202555" + world.digits(4);
  world.hide(actor.mail, "«" + who + "-mail»");
  world.hide(actor.name, "«" + who + "-name»");
  world.hide(actor.password, "«" + who + "-password»");
  return actor;
}

Way become_user(World& world, const Hints& hints, Actor& actor) {
  return Becoming(world, hints, actor).run();
}

}  // namespace grader::sandbox::prober
