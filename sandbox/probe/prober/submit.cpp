#include "sandbox/probe/prober/submit.hpp"

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <set>

#include "sandbox/probe/prober/words.hpp"

namespace grader::sandbox::prober {

namespace {

using Json = nlohmann::json;

constexpr const char* file_mark =
    "\x01"
    "file";

bool contains(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

/// A code of four to eight digits from the newest letter; empty where there is none.
std::string code_from_mail(World& world) {
  for (const std::string& letter : world.mail()) {
    std::string digits;
    for (const char one : letter + " ") {
      if (std::isdigit(static_cast<unsigned char>(one)) != 0) {
        digits += one;
        continue;
      }
      if (digits.size() >= 4 && digits.size() <= 8) return digits;
      digits.clear();
    }
  }
  return "123456";
}

std::string choice_of(const Field& field, const Actor& actor) {
  if (means_owner(field.name) && !actor.user_id.empty() &&
      std::ranges::count(field.choices, actor.user_id) > 0) {
    return actor.user_id;
  }
  if (!field.value.empty()) return field.value;
  for (const std::string& choice : field.choices)
    if (!choice.empty()) return choice;
  return {};
}

std::string number_for(const Field& field) {
  if (!field.value.empty()) return field.value;
  const int least = std::atoi(field.least.c_str());
  return std::to_string(std::max(least, 12));
}

bool is_secret_field(const Field& field) {
  if (field.type == "password") return true;
  if (describes_secret(field.name)) return false;
  if (means_secret(field.name)) return true;
  return means_secret(field.label) && !means_title(field.name) && !means_user(field.name) &&
         !describes_secret(field.label);
}

std::string by_type(const Field& field) {
  if (field.type == "date") return "2030-01-01";
  if (field.type == "datetime-local") return "2030-01-01T10:00";
  if (field.type == "time") return "10:00";
  if (field.type == "color") return "#336699";
  if (field.type == "file") return file_mark;
  return {};
}

std::string for_account(World& world, const Field& field, const Actor& actor) {
  const std::string name = lower(field.name);
  if (field.type == "email" || (means_mail(name) && !means_secret(name))) return actor.mail;
  if (means_code(name)) return code_from_mail(world);
  if (field.type == "tel" || contains(name, "phone") || contains(name, "mobile"))
    return actor.phone;
  if (is_secret_field(field)) return actor.password;
  if (contains(name, "first") || contains(name, "fname")) return "Alice";
  if (contains(name, "last") || contains(name, "lname") || contains(name, "surname"))
    return "Smith";
  if (means_user(name)) return actor.name;
  if (contains(name, "date") || contains(name, "birth")) return "1990-01-01";
  if (contains(name, "age") || contains(name, "pin")) return "1234";
  return actor.name;
}

std::string for_entry(World& world, const Field& field, const Actor& actor, const Values& values) {
  const std::string name = lower(field.name);
  if (means_people(name) || field.names_user) return {};
  if (means_code(name)) return code_from_mail(world);
  if (means_master(name)) return actor.password;
  if (is_secret_field(field)) return values.secret;
  if (field.type == "email" || means_mail(name)) return values.mail;
  if (field.type == "url" || contains(name, "url") || contains(name, "link")) return values.web;
  if (means_owner(name) && contains(name, "owner")) return actor.name;
  if (means_user(name)) return values.login;
  if (means_note(name) || field.type == "textarea") return values.note;
  if (contains(name, "date") || contains(name, "expir")) return "2030-01-01";
  if (contains(name, "length") || contains(name, "size") || contains(name, "count")) return "16";
  if (means_web(name) && field.max == 0) return values.web;
  return values.title;
}

}  // namespace

Values draw_values(World& world, const std::string& tag) {
  Values values;
  static constexpr std::string_view marks = "!#%*+=?";
  const std::string word = world.letters(8);
  values.title = static_cast<char>(word[0] - 'a' + 'A') + word.substr(1);
  values.secret = std::string(1, static_cast<char>('A' + world.number(26))) + world.letters(4) +
                  world.digits(3) + marks[static_cast<std::size_t>(world.number(7))] +
                  world.letters(3) + world.digits(1);
  values.login = world.letters(9);
  values.note = world.letters(10);
  values.web = "https://" + world.letters(10) + ".example.com/";
  values.mail = world.letters(8) + "@example.com";
  world.hide(values.title, "«title-" + tag + "»");
  world.hide(lower(values.title), "«title-" + tag + "»");
  world.hide(values.secret, "«secret-" + tag + "»");
  world.hide(values.login, "«login-" + tag + "»");
  world.hide(values.note, "«note-" + tag + "»");
  world.hide(values.web, "«web-" + tag + "»");
  world.hide(values.mail, "«mail-" + tag + "»");
  return values;
}

bool Attempt::has(Change::What what) const {
  return std::ranges::count(changes, what, &Change::what) > 0;
}

std::string filled(World& world, const Field& field, Context context, const Actor& actor,
                   const Values& values) {
  if (lower(field.name) == "csrfmiddlewaretoken") return {};
  const bool people = field.names_user || means_people(field.name);
  if (field.type == "select" || field.type == "radio") {
    if (context == Context::entry && people) return {};
    return choice_of(field, actor);
  }
  if (field.type == "hidden" && !field.value.empty()) return field.value;
  if (field.type == "checkbox") {
    if (context == Context::entry && people) return {};
    return field.value.empty() ? "on" : field.value;
  }
  if (field.type == "number" || field.type == "range") return number_for(field);
  if (std::string text = by_type(field); !text.empty()) return text;
  std::string text = context == Context::account ? for_account(world, field, actor)
                                                 : for_entry(world, field, actor, values);
  if (field.max > 0 && text.size() > static_cast<std::size_t>(field.max))
    text.resize(static_cast<std::size_t>(field.max));
  return text;
}

Pairs fields_for(World& world, const Candidate& candidate, const Actor& actor, const Values& values,
                 const Overrides& overrides) {
  Pairs fields;
  std::set<std::string> named;
  bool titled = candidate.context != Context::entry;
  for (const Field& field : candidate.form.fields) {
    const auto own = overrides.find(field.name);
    std::string value = own != overrides.end()
                            ? own->second
                            : filled(world, field, candidate.context, actor, values);
    if (field.name == "csrfmiddlewaretoken" || !named.insert(field.name).second) continue;
    if (value.empty() &&
        (field.type == "checkbox" || field.names_user || means_people(field.name))) {
      continue;
    }
    titled = titled || contains(value, values.title);
    fields.emplace_back(field.name, std::move(value));
  }
  for (const auto& [name, value] : overrides)
    if (named.insert(name).second) fields.emplace_back(name, value);
  if (!candidate.form.submits.empty()) {
    const auto& [name, value] = candidate.form.submits.front();
    if (named.insert(name).second) fields.emplace_back(name, value);
  }
  if (titled) return fields;
  // An entry without its own title could not be told from others.
  for (auto& [name, value] : fields) {
    const Field* field = candidate.form.field(name);
    const bool free = field != nullptr && field->type == "text" && means_title(name) &&
                      !means_web(name) && !means_secret(name) && !overrides.contains(name);
    if (!free) continue;
    value = values.title;
    break;
  }
  return fields;
}

namespace {

/// field → message, of an answer that says what is wrong; the empty name stands for all.
std::vector<std::pair<std::string, std::string>> complaints(const Reply& reply) {
  std::vector<std::pair<std::string, std::string>> list;
  const Answer& answer = reply.answer;
  if (answer.is_json()) {
    Json told = Json::parse(answer.body, nullptr, false);
    if (told.is_object() && told.contains("errors") && told["errors"].is_object())
      told = Json(told["errors"]);
    if (!told.is_object()) return list;
    for (const auto& [name, value] : told.items())
      list.emplace_back(name, lower(value.dump(-1, ' ', false, Json::error_handler_t::replace)));
  } else if (answer.is_html() && answer.status < 500) {
    for (const std::string& text : parse_page(answer.body).errors) list.emplace_back("", text);
  }
  return list;
}

int number_in(const std::string& text) {
  const std::size_t at = text.find_first_of("0123456789");
  return at == std::string::npos ? 0 : std::atoi(text.c_str() + at);
}

struct Adapting {
  World& world;
  const Candidate& candidate;
  const Actor& actor;
  const Values& values;
  const Pairs& sent;
  Overrides& overrides;

  /// False where the message says nothing that helps.
  bool heed(const std::string& name, const std::string& text) const {
    const std::string value = sent_value(sent, name);
    const bool known = !name.empty() && name != "non_field_errors" && name != "detail";
    if (contains(text, "already") || contains(text, "exist") || contains(text, "taken") ||
        contains(text, "unique")) {
      return !contains(text, "does not exist") && rename();
    }
    if (!known) return false;
    if (contains(text, "required") || contains(text, "blank")) {
      Field field;
      field.name = name;
      overrides[name] = filled(world, field, candidate.context, actor, values);
      return value.empty() && !overrides[name].empty();
    }
    if (contains(text, "no more than") || contains(text, "at most")) {
      const int limit = number_in(text);
      overrides[name] = value.substr(0, static_cast<std::size_t>(std::max(limit, 1)));
      return limit > 0;
    }
    if (contains(text, "url")) return set(name, values.web);
    if (contains(text, "email") || contains(text, "e-mail")) return set(name, values.mail);
    if (contains(text, "integer") || contains(text, "number")) return set(name, "12");
    if (contains(text, "date")) return set(name, "2030-01-01");
    if (contains(text, "primary key") || contains(text, "pk")) return set(name, actor.user_id);
    return false;
  }

  bool set(const std::string& name, const std::string& value) const {
    const bool fresh = overrides[name] != value;
    overrides[name] = value;
    return fresh;
  }

  bool rename() const {
    bool changed = false;
    for (const auto& [name, value] : sent) {
      const bool named = means_user(name) || means_title(name) || means_mail(name);
      if (!named || means_secret(name) || value.empty()) continue;
      overrides[name] = world.letters(3) + value;
      changed = true;
    }
    return changed && candidate.context == Context::account;
  }
};

}  // namespace

Attempt submit(World& world, Actor& actor, const Candidate& candidate, const Values& values,
               Overrides overrides, int slot, int tries) {
  Attempt attempt;
  for (int turn = 0; turn < tries && world.time_left(); ++turn) {
    attempt.sent = fields_for(world, candidate, actor, values, overrides);
    Request request;
    request.method = candidate.form.method == "get" ? "GET" : "POST";
    request.path = candidate.action;
    request.follow = true;
    if (request.method == "GET") {
      for (const auto& [name, value] : attempt.sent)
        request.path += (contains(request.path, "?") ? "&" : "?") + percent_encoded(name) + "=" +
                        percent_encoded(value);
    } else {
      request.body = candidate.body;
      request.fields = attempt.sent;
      for (const auto& [name, value] : attempt.sent)
        if (value == file_mark) request.body = Request::Body::parts;
    }
    attempt.reply = world.ask(actor, request);
    attempt.changes = world.changes(slot);
    if (!attempt.changes.empty()) return attempt;
    bool heeded = false;
    const Adapting adapting{world, candidate, actor, values, attempt.sent, overrides};
    for (const auto& [name, text] : complaints(attempt.reply))
      heeded = adapting.heed(name, text) || heeded;
    if (!heeded) return attempt;
  }
  return attempt;
}

std::string sent_value(const Pairs& sent, const std::string& name) {
  const auto found = std::ranges::find(sent, name, &Pairs::value_type::first);
  return found == sent.end() ? std::string() : found->second;
}

Form form_of(const RouteHint& route, const Hints& hints) {
  Form form;
  form.method = "post";
  form.caption = lower(route.view);
  form.fields = route.fields;
  std::vector<std::string> names = route.form;
  names.insert(names.end(), route.json.begin(), route.json.end());
  for (const std::string& name : names) {
    if (form.field(name) != nullptr || name == "csrfmiddlewaretoken") continue;
    Field field;
    field.name = name;
    for (const ModelHint& model : hints.models) {
      for (const ColumnHint& column : model.columns) {
        if (!model.own || column.name != name) continue;
        if (contains(column.type, "URL")) field.type = "url";
        if (contains(column.type, "Integer")) field.type = "number";
        if (contains(column.type, "Date")) field.type = "date";
        if (contains(column.type, "Boolean")) field.type = "checkbox";
        field.max = column.max;
      }
    }
    form.fields.push_back(std::move(field));
  }
  return form;
}

std::vector<std::string> plain_paths(const Hints& hints) {
  std::vector<std::string> paths;
  for (const RouteHint& route : hints.routes) {
    if (!route.parameters().empty() || means_logout(route.pattern() + route.view)) continue;
    paths.push_back(route.with({}));
  }
  return paths;
}

std::vector<Visited> crawl(World& world, Actor& actor, const std::vector<std::string>& seeds,
                           std::size_t limit) {
  std::vector<Visited> pages;
  std::vector<std::string> queue = seeds;
  std::set<std::string> seen;
  std::set<std::string> landed;
  for (std::size_t at = 0;
       at < queue.size() && pages.size() < limit && seen.size() < 3 * limit && world.time_left();
       ++at) {
    const std::string path = queue[at];
    const bool harmful = means_logout(path) || means_removal(path) || path.starts_with("/static") ||
                         path.starts_with("/media") || path.starts_with("/admin");
    if (harmful || !seen.insert(path).second) continue;
    Reply reply = world.ask(actor, {.path = path, .follow = true});
    if (!reply.answer.is_html() || reply.answer.status == 0) continue;
    if (!landed.insert(reply.path).second) continue;
    Visited visited{reply.path, reply.answer.status, parse_page(reply.answer.body)};
    for (const std::string& link : visited.page.links) {
      const std::string next = resolved(visited.path, link);
      if (!next.empty() && queue.size() < 200) queue.push_back(next);
    }
    pages.push_back(std::move(visited));
  }
  return pages;
}

}  // namespace grader::sandbox::prober
