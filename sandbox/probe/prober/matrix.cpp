#include "sandbox/probe/prober/matrix.hpp"

#include <algorithm>
#include <cctype>
#include <functional>

#include "sandbox/probe/prober/words.hpp"

namespace grader::sandbox::prober {

namespace {

constexpr std::size_t combinations_cap = 4;
constexpr std::size_t forms_cap = 3;

bool contains(std::string_view text, std::string_view part) {
  return !part.empty() && text.find(part) != std::string_view::npos;
}

/// A request as each actor would make it.
using Asking = std::function<Request(const Actor&)>;

/// One answer of the three with what it did.
struct Seen {
  Got got = Got::untried;
  Exchange exchange;
  Reply reply;
  bool ownerless = false;   ///< an added row can belong to nobody, or does
  bool owners_row = false;  ///< an added row belongs to the owner
};

std::string dashed(const std::string& hex) {
  return hex.substr(0, 8) + "-" + hex.substr(8, 4) + "-" + hex.substr(12, 4) + "-" +
         hex.substr(16, 4) + "-" + hex.substr(20);
}

bool all_digits(const std::string& text) {
  return !text.empty() &&
         std::ranges::all_of(text, [](unsigned char one) { return std::isdigit(one) != 0; });
}

/// No column points anywhere or could name who a row belongs to.
bool is_ownerless(const ModelHint& model) {
  bool named = false;
  for (const ColumnHint& column : model.columns) {
    if (!column.to.empty() || (means_owner(column.name) && column.name != "username")) named = true;
  }
  return !named;
}

class Trying {
 public:
  Trying(World& world, const Hints& hints, const Cast& cast, const Wanted& wanted)
      : world_(world), hints_(hints), cast_(cast), wanted_(wanted) {}

  std::vector<RouteTrial> run() {
    for (const RouteHint& route : hints_.routes) {
      if (!world_.time_left()) break;
      const std::string about = route.pattern() + " " + route.view;
      const bool account = means_logout(about) || means_registration(route.pattern()) ||
                           means_reset(about) || (route.path.empty() && !route.api);
      const bool login =
          contains(lower(route.pattern()), "login") || contains(lower(route.pattern()), "token");
      if (account || login || !wanted_.wants_route(route.pattern())) continue;
      try_route(route);
    }
    try_creation();
    return std::move(trials_);
  }

 private:
  void try_route(const RouteHint& route);
  bool try_reading(const RouteHint& route, const std::string& path);
  void try_forms(const RouteHint& route, const std::string& path, const Page& page);
  void try_methods(const RouteHint& route, const std::string& path);
  void try_query(const RouteHint& route, const std::string& path);
  void try_creation();
  bool try_all_three(const RouteHint* route, const std::string& purpose, const Asking& asking);
  void check_token(RouteTrial& trial, const Asking& asking);
  Seen see(const Actor& actor, const Request& request);
  Got effect_on_rows(const Changes& changes, Seen& seen) const;
  Got shown_in(const Request& request, const Reply& reply, Exchange& exchange) const;
  std::vector<std::vector<std::string>> combinations(const RouteHint& route) const;
  std::vector<std::string> values_for(const Token& token) const;
  Pairs edited(const Form& form, const Actor& actor, const std::string& mark);
  Pairs typed(const RouteHint& route, const Actor& actor);

  World& world_;
  const Hints& hints_;
  const Cast& cast_;
  const Wanted& wanted_;
  std::vector<RouteTrial> trials_;
  std::set<std::string> done_;
  Seen last_owner_;
};

std::string excerpt(const World& world, const std::string& text, std::size_t at, std::size_t size) {
  const std::size_t from = at > 40 ? at - 40 : 0;
  std::string part = world.masked(text.substr(from, size + 80));
  std::string plain;
  bool number = false;
  bool name = false;  // inside «…», of which each mark is two bytes
  for (std::size_t i = 0; i < part.size(); ++i) {
    const char one = part[i];
    const auto code = static_cast<unsigned char>(one);
    if (part.compare(i, 2, "«") == 0) name = true;
    if (part.compare(i, 2, "»") == 0) name = false;
    if (!name && std::isdigit(code) != 0) {
      // Dates and counters differ from run to run.
      if (!number) plain += '#';
      number = true;
      continue;
    }
    number = false;
    plain += code < 32 ? ' ' : one;
  }
  return plain;
}

Got Trying::shown_in(const Request& request, const Reply& reply, Exchange& exchange) const {
  const int status = reply.answer.status;
  if (status == 0 || status >= 500) return Got::error;
  if (status != 200 && status != 201 && status != 206) return Got::nothing;
  std::string sent = request.path;
  for (const auto& [name, value] : request.fields) sent += " " + value;
  const std::string text = unescaped(reply.answer.body);
  const auto look = [&](const std::string& canary, Got got) {
    const std::size_t at =
        canary.size() < 6 || contains(sent, canary) ? std::string::npos : text.find(canary);
    if (at == std::string::npos) return Got::page;
    exchange.answer = excerpt(world_, text, at, canary.size());
    return got;
  };
  Got got = look(cast_.entry.secret, Got::secret);
  if (got == Got::page) got = look(cast_.entry.typed.title, Got::title);
  if (got == Got::page) got = look(lower(cast_.entry.typed.title), Got::title);
  if (got == Got::page) got = look(cast_.entry.typed.login, Got::title);
  return got;
}

Got Trying::effect_on_rows(const Changes& changes, Seen& seen) const {
  Got got = Got::untried;
  for (const Change& change : changes) {
    const bool mine = change.table == cast_.entry.table && change.row == cast_.entry.row;
    if (mine && change.what == Change::What::deleted) {
      seen.exchange.effect = "the row of " + change.table + " was deleted";
      return Got::deleted;
    }
    if (mine && change.what == Change::What::changed) {
      seen.exchange.effect = "the row of " + change.table + " changed";
      for (const std::string& column : change.columns) seen.exchange.effect += " " + column;
      got = Got::changed;
    }
    if (change.table != cast_.entry.table || change.what != Change::What::added) continue;
    if (got == Got::untried) got = Got::created;
    seen.exchange.effect = "a row of " + change.table + " was added";
    const ModelHint* model = hints_.model(change.table);
    seen.ownerless = model != nullptr && is_ownerless(*model);
    for (const auto& [column, cell] : change.values) {
      // By a key to accounts or by its name alone: a category may have the owner's number.
      const bool points =
          model != nullptr &&
          std::ranges::any_of(model->columns, [&, &name = column](const ColumnHint& one) {
            return one.column == name && !one.key && one.to == hints_.user_table;
          });
      const bool names = means_owner(column) && cell.text == cast_.owner.name;
      if (!points && !names) continue;
      seen.owners_row =
          seen.owners_row || cell.text == cast_.owner.user_id || cell.text == cast_.owner.name;
    }
  }
  return got;
}

Seen Trying::see(const Actor& who, const Request& request) {
  Seen seen;
  Actor actor = who;
  seen.reply = world_.ask(actor, request);
  seen.exchange.who = who.who;
  seen.exchange.method = request.method;
  seen.exchange.path = world_.masked(request.path);
  for (const auto& [name, value] : request.fields)
    seen.exchange.sent +=
        (seen.exchange.sent.empty() ? "" : ", ") + name + "=" + world_.masked(value.substr(0, 80));
  seen.exchange.status = seen.reply.answer.status;
  const Changes changes = world_.changes(cast_.base);
  seen.got = effect_on_rows(changes, seen);
  if (seen.got == Got::untried) seen.got = shown_in(request, seen.reply, seen.exchange);
  if (seen.got == Got::nothing && !seen.reply.first_location.empty())
    seen.exchange.answer = "to " + world_.masked(seen.reply.first_location.substr(0, 80));
  if (!changes.empty()) world_.restore(cast_.base);
  return seen;
}

std::string purpose_of(Got got) {
  if (got == Got::deleted) return "delete";
  if (got == Got::changed) return "change";
  if (got == Got::created) return "create";
  return "read";
}

/// The owner first: of others nothing is said where the owner's own request does nothing.
bool Trying::try_all_three(const RouteHint* route, const std::string& purpose,
                           const Asking& asking) {
  RouteTrial trial;
  const Request request = asking(cast_.owner);
  trial.method = request.method;
  trial.route = route != nullptr ? route->pattern() : request.path;
  if (route != nullptr) {
    trial.view = route->view;
    trial.at = {.path = route->path, .line = route->line};
  }
  last_owner_ = see(cast_.owner, request);
  trial.owner = last_owner_.got;
  trial.exchanges.push_back(last_owner_.exchange);
  trial.purpose = purpose.empty() ? purpose_of(trial.owner) : purpose;
  if (!trial.controlled() || !world_.time_left()) return false;
  if (!wanted_.all && !wanted_.keys.contains(key_of(trial))) return true;
  if (!done_.insert(key_of(trial)).second) return true;
  const Seen other = see(cast_.other, asking(cast_.other));
  const Seen nobody = see(cast_.nobody, asking(cast_.nobody));
  trial.other = other.got;
  trial.nobody = nobody.got;
  if (trial.purpose == "create") {
    // A row of one's own is what creating is for.
    if (other.got == Got::created && !other.owners_row) trial.other = Got::nothing;
    if (last_owner_.ownerless) trial.purpose = "create_unowned";
  }
  trial.exchanges.push_back(other.exchange);
  trial.exchanges.push_back(nobody.exchange);
  const bool changes = trial.owner >= Got::changed;
  trial.changes_on_get = changes && request.method == "GET";
  if (changes && request.method != "GET") check_token(trial, asking);
  trials_.push_back(std::move(trial));
  return true;
}

/// A cookie that a browser sends by itself, and no token.
void Trying::check_token(RouteTrial& trial, const Asking& asking) {
  if (!cast_.owner.authorization.empty() || cast_.owner.cookies.empty()) return;
  Request request = asking(cast_.owner);
  if (request.body == Request::Body::json) return;
  request.token = false;
  const Seen seen = see(cast_.owner, request);
  trial.without_token = seen.got == trial.owner;
}

std::vector<std::string> Trying::values_for(const Token& token) const {
  std::vector<std::string> found;
  const std::string name = lower(token.text);
  const auto add = [&](const std::string& value) {
    const bool fits = token.converter != "int" || all_digits(value);
    if (!value.empty() && fits && !contains(value, "/") && found.size() < 4 &&
        std::ranges::count(found, value) == 0) {
      found.push_back(value);
    }
  };
  const ModelHint* model = hints_.model(cast_.entry.table);
  const std::string key = cast_.entry.key(hints_);
  const bool person = (contains(name, "user") || contains(name, "owner")) && !means_secret(name);
  if (person) {
    add(cast_.owner.user_id);
    add(cast_.owner.name);
  }
  for (const ColumnHint& column : model != nullptr ? model->columns : std::vector<ColumnHint>()) {
    const auto cell = cast_.entry.values.find(column.column);
    if (cell == cast_.entry.values.end() || cell->second.null) continue;
    if (!column.to.empty() && contains(name, lower(column.name))) add(cell->second.text);
    if (lower(column.name) == name && !column.key) add(cell->second.text);
    const bool uuid = column.type == "UUIDField" && cell->second.text.size() == 32;
    if (uuid && (column.key || lower(column.name) == name)) add(dashed(cell->second.text));
  }
  add(key.size() == 32 && !all_digits(key) ? dashed(key) : key);
  for (const auto& [column, cell] : cast_.entry.values) {
    const bool slug = contains(lower(column), "slug") || means_title(column);
    if (slug && cell.text.size() < 80 && token.converter != "int") add(cell.text);
  }
  return found;
}

std::vector<std::vector<std::string>> Trying::combinations(const RouteHint& route) const {
  std::vector<std::vector<std::string>> all = {{}};
  for (const Token& token : route.parameters()) {
    std::vector<std::vector<std::string>> longer;
    for (const auto& one : all) {
      for (const std::string& value : values_for(token)) {
        if (longer.size() >= combinations_cap) break;
        longer.push_back(one);
        longer.back().push_back(value);
      }
    }
    all = std::move(longer);
  }
  return all;
}

void Trying::try_route(const RouteHint& route) {
  for (const auto& values : combinations(route)) {
    if (!world_.time_left()) return;
    const std::string path = route.with(values);
    const std::size_t before = trials_.size();
    bool done = false;
    if (route.reads) {
      done = try_reading(route, path);
      const bool html = last_owner_.reply.answer.status == 200 &&
                        last_owner_.reply.answer.is_html() && !route.parameters().empty();
      if (html && last_owner_.got < Got::changed)
        try_forms(route, path, parse_page(last_owner_.reply.answer.body));
      try_query(route, path);
    }
    try_methods(route, path);
    if (done || trials_.size() > before) return;
  }
}

bool Trying::try_reading(const RouteHint& route, const std::string& path) {
  return try_all_three(&route, "", [path](const Actor&) { return Request{.path = path}; });
}

void Trying::try_query(const RouteHint& route, const std::string& path) {
  if (route.query.empty()) return;
  const std::string key = cast_.entry.key(hints_);
  std::string query;
  for (const std::string& name : route.query) {
    const std::string low = lower(name);
    if (low == "page" || low == "next" || contains(low, "sort") || contains(low, "order")) continue;
    const bool number = low == "id" || low == "pk" || low.ends_with("_id");
    // Never the whole title: what is sent may come back.
    query += (query.empty() ? "?" : "&") + percent_encoded(name) + "=" +
             percent_encoded(number ? key : cast_.entry.typed.title.substr(0, 5));
    if (!number) break;
  }
  if (query.empty()) return;
  const std::string whole = path + query;
  try_all_three(&route, "", [whole](const Actor&) { return Request{.path = whole}; });
}

/// The fields of an edit form with its title changed, as this actor would send them.
Pairs Trying::edited(const Form& form, const Actor& actor, const std::string& mark) {
  Pairs fields;
  for (const Field& field : form.fields) {
    if (field.name == "csrfmiddlewaretoken" || field.type == "file") continue;
    if (field.type == "checkbox" && !field.checked) continue;
    std::string value = field.value;
    if (means_master(field.name))
      value = actor.password;
    else if (value.empty())
      value = filled(world_, field, Context::entry, actor, cast_.entry.typed);
    else if (contains(value, cast_.entry.typed.title) && field.type == "text")
      value += mark;
    fields.emplace_back(field.name, value);
  }
  if (!form.submits.empty()) fields.push_back(form.submits.front());
  return fields;
}

void Trying::try_forms(const RouteHint& route, const std::string& path, const Page& page) {
  std::size_t tried = 0;
  for (const Form& form : page.forms) {
    const std::string action = resolved(path, form.action);
    const std::string about = action + " " + form.caption;
    const bool elsewhere = means_logout(about) || means_reset(action) || means_registration(action);
    if (form.method != "post" || action.empty() || elsewhere || ++tried > forms_cap) continue;
    // Another route's form is tried there.
    if (action.substr(0, action.find('?')) != path) continue;
    const std::string mark = world_.letters(2);
    try_all_three(&route, "", [&](const Actor& actor) {
      return Request{.method = "POST",
                     .path = action,
                     .fields = edited(form, actor, mark),
                     .body = Request::Body::form};
    });
  }
}

Pairs Trying::typed(const RouteHint& route, const Actor& actor) {
  Candidate candidate;
  candidate.form = form_of(route, hints_);
  Values values = cast_.entry.typed;
  Overrides overrides;
  for (const Field& field : candidate.form.fields) {
    const std::string name = lower(field.name);
    if (name == "id" || name == "pk" || name.ends_with("_id"))
      overrides[field.name] = cast_.entry.key(hints_);
    const std::string before = sent_value(cast_.entry.sent, field.name);
    const bool kept =
        !before.empty() && !contains(before, values.title) && before != cast_.owner.password;
    if (kept && !overrides.contains(field.name)) overrides[field.name] = before;
  }
  values.title += "zz";
  return fields_for(world_, candidate, actor, values, overrides);
}

void Trying::try_methods(const RouteHint& route, const std::string& path) {
  const bool parameters = !route.parameters().empty();
  std::vector<std::string> methods = route.methods;
  const bool function = !route.has_actions && !route.api;
  if (parameters && function && std::ranges::count(methods, "POST") == 0) methods.push_back("POST");
  const bool json = route.api && route.form.empty();
  for (const std::string& method : methods) {
    const Form form = form_of(route, hints_);
    const bool named = std::ranges::any_of(form.fields, [](const Field& field) {
      const std::string name = lower(field.name);
      return name == "id" || name == "pk" || name.ends_with("_id");
    });
    // Creating is tried by its own recipe.
    if (!parameters && !named) continue;
    const auto with_fields = [&](const Actor& actor) {
      return Request{.method = method,
                     .path = path,
                     .fields = typed(route, actor),
                     .body = json ? Request::Body::json : Request::Body::form};
    };
    const auto bare = [&](const Actor&) {
      return Request{
          .method = method, .path = path, .body = json ? Request::Body::json : Request::Body::form};
    };
    if (!form.fields.empty() && method != "DELETE" && try_all_three(&route, "", with_fields))
      continue;
    if (parameters) try_all_three(&route, "", bare);
  }
}

void Trying::try_creation() {
  if (!cast_.entry.recipe || !world_.time_left()) return;
  const Candidate& recipe = *cast_.entry.recipe;
  if (recipe.form.method == "get") return;
  const std::string path = recipe.action.substr(0, recipe.action.find('?'));
  const RouteHint* route = nullptr;
  for (const RouteHint& one : hints_.routes) {
    if (one.parameters().empty() && one.with({}) == path) route = &one;
  }
  if (route == nullptr) return;
  const Values values = draw_values(world_, "n");
  try_all_three(route, "create", [&](const Actor& actor) {
    Request request{.method = "POST", .path = recipe.action, .body = recipe.body};
    for (auto [name, value] : cast_.entry.sent) {
      const bool secret = std::ranges::count(cast_.entry.secret_names, name) > 0;
      if (secret)
        value = values.secret;
      else if (value == cast_.entry.typed.title)
        value = values.title;
      else if (value == cast_.owner.password)
        value = actor.password;
      if (value ==
          "\x01"
          "file")
        request.body = Request::Body::parts;
      request.fields.emplace_back(name, value);
    }
    return request;
  });
}

}  // namespace

bool Wanted::wants_route(const std::string& route) const {
  return all || std::ranges::any_of(
                    keys, [&](const std::string& key) { return key.starts_with(route + " "); });
}

std::string key_of(const RouteTrial& trial) {
  const bool creates = trial.purpose.starts_with("create");
  return trial.route + " " + trial.method + " " + (creates ? "create" : trial.purpose);
}

std::vector<RouteTrial> try_routes(World& world, const Hints& hints, const Cast& cast,
                                   const Wanted& wanted) {
  return Trying(world, hints, cast, wanted).run();
}

}  // namespace grader::sandbox::prober
