#include "sandbox/probe/prober/entry.hpp"

#include <algorithm>
#include <set>

#include "sandbox/probe/prober/words.hpp"

namespace grader::sandbox::prober {

namespace {

constexpr int slot = 1;
constexpr int passes = 3;
constexpr std::size_t pages_read = 40;
constexpr std::size_t candidates_tried = 20;
constexpr double good_row = 5;

bool contains(const std::string& text, const std::string& part) {
  return !part.empty() && text.find(part) != std::string::npos;
}

bool asks_secret(const Field& field) {
  return field.type == "password" || (means_secret(field.name) && !describes_secret(field.name));
}

bool shown(const Field& field) {
  return field.type != "hidden" && field.name != "csrfmiddlewaretoken";
}

/// Only secrets are asked: a master password that unlocks, or a wrong place.
bool unlocks(const Form& form) {
  bool any = false;
  for (const Field& field : form.fields) {
    if (!shown(field) || field.type == "checkbox") continue;
    if (!asks_secret(field)) return false;
    any = true;
  }
  return any;
}

bool changes_password(const Form& form) {
  return std::ranges::any_of(form.fields, [](const Field& field) {
    const std::string name = lower(field.name);
    return contains(name, "old_pass") || contains(name, "new_password") ||
           contains(name, "oldpass") || contains(name, "current_password");
  });
}

class Creating {
 public:
  Creating(World& world, const Hints& hints, Actor& actor, std::string tag)
      : world_(world), hints_(hints), actor_(actor), tag_(std::move(tag)) {}

  std::optional<Entry> run() {
    for (int pass = 0; pass < passes && world_.time_left(); ++pass) {
      const bool grew = try_all();
      if (best_ && best_score_ >= good_row && !best_->secret.empty()) return best_;
      if (!grew) break;
    }
    return best_;
  }

 private:
  bool try_all();
  bool try_one(const Candidate& candidate, bool& grew);
  void judge(const Candidate& candidate, const Attempt& attempt, const Values& values);
  double score(const Change& change, const Values& values, const std::set<std::int64_t>& found,
               const std::string& table) const;
  std::vector<Candidate> candidates();
  void add_forms(std::vector<Candidate>& list);
  void add_routes(std::vector<Candidate>& list) const;
  bool is_account_page(const Candidate& candidate) const;

  World& world_;
  const Hints& hints_;
  Actor& actor_;
  std::string tag_;
  std::optional<Entry> best_;
  double best_score_ = 0;
  std::set<std::string> done_;
};

bool Creating::is_account_page(const Candidate& candidate) const {
  const std::string about =
      candidate.action + " " + candidate.form.caption + " " + candidate.page +
      (candidate.route != nullptr ? " " + candidate.route->view : std::string());
  if (means_logout(about) || means_removal(candidate.action + candidate.form.caption)) return true;
  // An account asked for twice over: not an entry, whatever its address is called.
  const auto secrets = std::ranges::count_if(candidate.form.fields, asks_secret);
  return secrets > 1 && means_registration(candidate.action + candidate.page);
}

void Creating::add_forms(std::vector<Candidate>& list) {
  std::vector<std::string> seeds = {"/"};
  for (const std::string& path : plain_paths(hints_)) seeds.push_back(path);
  for (const Visited& visited : crawl(world_, actor_, seeds, pages_read)) {
    for (std::size_t i = 0; i < visited.page.forms.size(); ++i) {
      const Form& form = visited.page.forms[i];
      Candidate one;
      one.page = visited.path;
      one.index = i;
      one.form = form;
      one.action = resolved(visited.path, form.action);
      const std::string about = lower(visited.path + " " + form.action + " " + form.caption);
      const bool secret = std::ranges::any_of(form.fields, asks_secret);
      const bool other = std::ranges::any_of(form.fields, [](const Field& field) {
        return shown(field) && !asks_secret(field) &&
               (field.type == "text" || field.type == "url" || field.type == "email");
      });
      if (form.method != "post" && !means_creation(about)) continue;
      if (one.action.empty() || is_account_page(one) || changes_password(form)) continue;
      if (std::ranges::none_of(form.fields, shown)) continue;
      const bool unlock = secret && unlocks(form);
      if (unlock) one.context = Context::account;
      one.score = unlock ? 9
                         : (means_creation(about) ? 3 : 0) + (secret && other ? 3 : 0) +
                               (other ? 1 : 0) - (means_registration(about) ? 4 : 0) -
                               (means_login(form.caption + form.action) ? 2 : 0) -
                               (contains(about, "profile") || contains(about, "settings") ? 3 : 0) -
                               (contains(about, "search") ? 3 : 0);
      list.push_back(std::move(one));
    }
  }
}

void Creating::add_routes(std::vector<Candidate>& list) const {
  for (const RouteHint& route : hints_.routes) {
    const auto parameters = route.parameters();
    const bool posts =
        std::ranges::count(route.methods, "POST") > 0 || !route.form.empty() || !route.json.empty();
    if (!posts || parameters.size() > 1 || (route.path.empty() && route.fields.empty())) continue;
    Candidate one;
    one.form = form_of(route, hints_);
    if (one.form.fields.empty()) continue;
    std::vector<std::string> values;
    for (const Token& token : parameters) values.emplace_back(token.converter == "int" ? "1" : "x");
    one.action = route.with(values);
    one.body = route.api && route.form.empty() ? Request::Body::json : Request::Body::form;
    one.route = &route;
    const std::string about = lower(one.action + " " + route.view);
    if (is_account_page(one) || changes_password(one.form) || means_login(about)) continue;
    const bool secret = std::ranges::any_of(one.form.fields, asks_secret);
    one.score = (means_creation(about) ? 2.5 : 0) + (secret ? 2 : 0) + (route.has_actions ? 1 : 0) -
                (means_registration(about) ? 4 : 0) - (parameters.empty() ? 0 : 2);
    list.push_back(std::move(one));
  }
}

std::vector<Candidate> Creating::candidates() {
  std::vector<Candidate> list;
  add_forms(list);
  add_routes(list);
  std::ranges::stable_sort(list, std::greater<>(), &Candidate::score);
  return list;
}

double Creating::score(const Change& change, const Values& values,
                       const std::set<std::int64_t>& found, const std::string& table) const {
  const ModelHint* model = hints_.model(change.table);
  double points = 0;
  if (change.table == table && found.contains(change.row)) points += 5;
  bool titled = false;
  bool secret = false;
  for (const auto& [column, cell] : change.values) {
    titled = titled || contains(lower(cell.text), lower(values.title));
    secret = secret || (means_secret(column) && cell.text.size() > 8);
  }
  points += (titled ? 3 : 0) + (secret ? 3 : 0);
  if (model == nullptr || !model->own) points -= 2;
  if (change.table == actor_.user_table) points -= 6;
  if (change.table == hints_.user_table || means_side_table(change.table)) points -= 4;
  return points;
}

void Creating::judge(const Candidate& candidate, const Attempt& attempt, const Values& values) {
  std::string secret;
  std::vector<std::string> names;
  for (const auto& [name, value] : attempt.sent) {
    // A field may have taken its beginning only.
    const bool part = value.size() >= 6 && values.secret.starts_with(value);
    if (!part) continue;
    names.push_back(name);
    secret = value;
  }
  std::set<std::int64_t> rows;
  std::string table;
  for (const Hit& hit : secret.empty() ? std::vector<Hit>() : world_.find(secret, false)) {
    if (hit.table == actor_.user_table || hit.table.empty()) continue;
    table = hit.table;
    rows.insert(hit.row);
  }
  for (const Change& change : attempt.changes) {
    if (change.what != Change::What::added) continue;
    const double points = score(change, values, rows, table) + (secret.empty() ? 0 : 2);
    if (best_ && points <= best_score_) continue;
    best_score_ = points;
    best_ = Entry{candidate.body == Request::Body::json ? "api" : "form",
                  change.table,
                  change.row,
                  change.values,
                  values,
                  attempt.sent,
                  candidate,
                  secret,
                  names};
  }
}

/// True where an entry was made.
bool Creating::try_one(const Candidate& candidate, bool& grew) {
  const auto cookies = actor_.cookies;
  const double before = best_score_;
  const Values values = draw_values(world_, tag_);
  for (int variant = 0; variant < 2 && world_.time_left(); ++variant) {
    Overrides overrides;
    Values own = values;
    if (variant == 1) {
      // Letters and digits alone, where other marks are refused.
      std::erase_if(own.secret, [](unsigned char one) { return std::isalnum(one) == 0; });
      world_.hide(own.secret, "«secret-" + tag_ + "»");
    }
    world_.keep(slot);
    const Attempt attempt = submit(world_, actor_, candidate, own, overrides, slot, 3);
    const bool added = attempt.has(Change::What::added);
    const bool account = std::ranges::any_of(attempt.changes, [&](const Change& change) {
      return change.table == actor_.user_table || change.table == hints_.user_table;
    });
    if (added && !account) {
      judge(candidate, attempt, own);
      grew = true;
      return best_score_ > before && best_score_ >= good_row && !best_->secret.empty();
    }
    if (attempt.changes.empty() && candidate.context == Context::account) return false;
    if (!attempt.changes.empty()) {
      world_.restore(slot);
      actor_.cookies = cookies;
      return false;
    }
    actor_.cookies = cookies;
    if (attempt.reply.answer.status >= 500 || attempt.reply.answer.status == 404) return false;
  }
  return false;
}

bool Creating::try_all() {
  bool grew = false;
  std::size_t tried = 0;
  for (const Candidate& candidate : candidates()) {
    if (candidate.score < -1 || ++tried > candidates_tried || !world_.time_left()) break;
    const std::string name = candidate.action + "#" + std::to_string(candidate.form.fields.size());
    // What made its row once (a category) is not made again.
    if (done_.contains(name)) continue;
    bool made = false;
    if (try_one(candidate, made)) return true;
    if (made) done_.insert(name);
    grew = grew || made;
  }
  return grew;
}

/// The form anew, with the hidden values of now.
Candidate refreshed(World& world, Actor& actor, const Candidate& candidate) {
  Candidate fresh = candidate;
  if (candidate.page.empty()) return fresh;
  const Reply reply = world.ask(actor, {.path = candidate.page, .follow = true});
  Page page = parse_page(reply.answer.body);
  if (candidate.index < page.forms.size() && !page.forms[candidate.index].fields.empty() &&
      page.forms[candidate.index].fields.size() == candidate.form.fields.size()) {
    fresh.form = page.forms[candidate.index];
  }
  return fresh;
}

}  // namespace

std::string Entry::key(const Hints& hints) const {
  const ModelHint* model = hints.model(table);
  const ColumnHint* key = model != nullptr ? model->key() : nullptr;
  const auto cell = values.find(key != nullptr ? key->column : "id");
  return cell != values.end() && !cell->second.null ? cell->second.text : std::to_string(row);
}

std::optional<Entry> create_entry(World& world, const Hints& hints, Actor& actor,
                                  const std::string& tag) {
  auto entry = Creating(world, hints, actor, tag).run();
  if (entry && !entry->secret.empty()) return entry;
  // Tables that are looked up and that only an administrator fills.
  const ModelHint* model = nullptr;
  for (const ModelHint& one : hints.models) {
    const bool secret = std::ranges::any_of(one.columns, [](const ColumnHint& column) {
      return means_secret(column.name) && !describes_secret(column.name);
    });
    if (one.own && secret && one.table != hints.user_table && !means_side_table(one.table))
      model = &one;
  }
  if (model != nullptr && !actor.user_id.empty() && !world.seed_tables(model->table, actor).empty())
    if (auto again = Creating(world, hints, actor, tag).run()) return again;
  return entry;
}

std::optional<Entry> create_again(World& world, const Hints& hints, Actor& actor,
                                  const Entry& model, const Values& values) {
  if (!model.recipe) return std::nullopt;
  (void)hints;
  Overrides overrides;
  for (const std::string& name : model.secret_names) overrides[name] = values.secret;
  world.keep(slot);
  const Candidate recipe = refreshed(world, actor, *model.recipe);
  const Attempt attempt = submit(world, actor, recipe, values, overrides, slot, 2);
  for (const Change& change : attempt.changes) {
    if (change.what != Change::What::added || change.table != model.table) continue;
    Entry entry = model;
    entry.row = change.row;
    entry.values = change.values;
    entry.typed = values;
    entry.sent = attempt.sent;
    entry.secret = entry.secret_names.empty()
                       ? std::string()
                       : sent_value(attempt.sent, entry.secret_names.front());
    return entry;
  }
  return std::nullopt;
}

std::optional<Entry> place_entry(World& world, const Hints& hints, const Actor& actor,
                                 const std::string& tag) {
  const ModelHint* best = nullptr;
  int best_points = 2;
  for (const ModelHint& model : hints.models) {
    if (!model.own || model.table == hints.user_table || model.table == actor.user_table) continue;
    int points = means_side_table(model.name) ? -5 : 0;
    for (const ColumnHint& column : model.columns) {
      points += means_secret(column.name) ? 3 : 0;
      points += means_title(column.name) ? 1 : 0;
      points += column.to == hints.user_table ? 1 : 0;
    }
    if (points <= best_points) continue;
    best_points = points;
    best = &model;
  }
  if (best == nullptr || actor.user_id.empty()) return std::nullopt;
  const Values values = draw_values(world, tag);
  world.keep(slot);
  if (!world.make_entry(best->table, actor, values.title, values.secret)) return std::nullopt;
  for (const Change& change : world.changes(slot)) {
    if (change.what == Change::What::added && change.table == best->table)
      return Entry{"database",   change.table,  change.row, change.values, values, {},
                   std::nullopt, values.secret, {}};
  }
  return std::nullopt;
}

}  // namespace grader::sandbox::prober
