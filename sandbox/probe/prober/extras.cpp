#include "sandbox/probe/prober/extras.hpp"

#include <algorithm>
#include <array>
#include <set>

#include "sandbox/probe/prober/words.hpp"

namespace grader::sandbox::prober {

namespace {

constexpr std::size_t pages_tried = 6;
constexpr int few_rows = 4;
constexpr int many_rows = 19;
constexpr int queries_that_grow = 10;

bool contains(const std::string& text, const std::string& part) {
  return !part.empty() && text.find(part) != std::string::npos;
}

/// A page on which the owner saw the entry.
struct Shown {
  const RouteTrial* trial;
  std::string path;
};

std::vector<Shown> shown_on(const std::vector<RouteTrial>& trials, Got least) {
  std::vector<Shown> pages;
  for (const RouteTrial& trial : trials) {
    const bool reads = trial.purpose == "read" && trial.method == "GET" &&
                       (trial.owner == Got::title || trial.owner == Got::secret) &&
                       trial.owner >= least;
    if (!reads || trial.exchanges.empty()) continue;
    const std::string& path = trial.exchanges.front().path;
    // A masked path cannot be asked again.
    if (!contains(path, "«") && pages.size() < pages_tried) pages.push_back({&trial, path});
  }
  return pages;
}

class Further {
 public:
  Further(World& world, const Hints& hints, const Cast& cast, const std::vector<RouteTrial>& trials)
      : world_(world), hints_(hints), cast_(cast), pages_(shown_on(trials, Got::title)) {}

  std::vector<Remark> run() {
    store_markup();
    try_queries();
    try_odd_values();
    sign_out();
    count_queries();
    return std::move(remarks_);
  }

 private:
  void store_markup();
  void try_queries();
  void try_query(const RouteHint& route, const std::string& name);
  void try_odd_values();
  void sign_out();
  void count_queries();
  Reply get(const std::string& path);
  bool shows_entry(const Reply& reply) const;
  std::optional<Entry> make(Actor& actor, const Values& values);
  void add(const std::string& what, const std::string& text, const std::string& view,
           const Location& at, const Exchange& exchange);

  World& world_;
  const Hints& hints_;
  const Cast& cast_;
  std::vector<Shown> pages_;
  std::vector<Remark> remarks_;
};

Exchange exchange_of(const World& world, const std::string& method, const std::string& path,
                     const std::string& sent, int status, const std::string& answer) {
  return {"owner", method, world.masked(path), world.masked(sent), status, answer, {}};
}

void Further::add(const std::string& what, const std::string& text, const std::string& view,
                  const Location& at, const Exchange& exchange) {
  remarks_.push_back({what, text, view, at, false, {exchange}});
}

Reply Further::get(const std::string& path) {
  Actor actor = cast_.owner;
  return world_.ask(actor, {.path = path});
}

std::optional<Entry> Further::make(Actor& actor, const Values& values) {
  return create_again(world_, hints_, actor, cast_.entry, values);
}

void Further::store_markup() {
  if (!cast_.entry.recipe || !world_.time_left()) return;
  const std::string tag = "x" + world_.letters(7);
  world_.hide(tag, "mark");
  Values values = draw_values(world_, "m");
  const std::string mark = "\"'><" + tag + ">";
  values.title += mark;
  values.note += mark;
  Actor actor = cast_.owner;
  const auto entry = make(actor, values);
  if (entry) {
    const std::string key = entry->key(hints_);
    const std::string old = cast_.entry.key(hints_);
    for (const Shown& page : pages_) {
      std::string path = page.path;
      const std::size_t at = path.find("/" + old);
      if (at != std::string::npos) path.replace(at + 1, old.size(), key);
      const Reply reply = world_.ask(actor, {.path = path});
      if (!reply.answer.is_html() || !parse_page(reply.answer.body, tag).has_mark) continue;
      add("markup_stored",
          "Markup typed into an entry comes back as markup on /" + page.trial->route + ".",
          page.trial->view, page.trial->at,
          exchange_of(world_, "GET", path, "", reply.answer.status, "<mark> is an element"));
    }
  }
  world_.restore(cast_.base);
}

void Further::try_query(const RouteHint& route, const std::string& name) {
  const std::string path = route.with({}) + "?" + percent_encoded(name) + "=";
  const std::string word = world_.letters(8);
  const std::string tag = "x" + world_.letters(7);
  world_.hide(word, "«word»");
  world_.hide(tag, "mark");
  const Location at{.path = route.path, .line = route.line};
  const auto shows = [&](const Reply& reply) {
    return reply.answer.status == 200 && contains(reply.answer.body, cast_.entry.typed.title);
  };
  const Reply plain = get(path + word);
  if (plain.answer.status != 200) return;
  const Reply marked = get(path + percent_encoded("\"'><" + tag + ">"));
  if (marked.answer.is_html() && parse_page(marked.answer.body, tag).has_mark)
    add("markup_reflected", "Markup in the parameter " + name + " comes back as markup.",
        route.view, at,
        exchange_of(world_, "GET", path + "mark", "", marked.answer.status,
                    "<mark> is an element"));
  const Reply quote = get(path + percent_encoded(word + "'"));
  const Reply twice = get(path + percent_encoded(word + "''"));
  if (quote.answer.status >= 500 && twice.answer.status == 200)
    add("sql_error", "One quote in the parameter " + name + " ends in a server error, two do not.",
        route.view, at, exchange_of(world_, "GET", path + "word'", "", quote.answer.status, ""));
  const Reply wide = get(path + percent_encoded(word + "%' OR '1'='1' -- "));
  if (!shows(plain) && shows(wide))
    add("sql_widened", "A condition typed into the parameter " + name + " widens the search.",
        route.view, at,
        exchange_of(world_, "GET", path + "word%' OR '1'='1' -- ", "", wide.answer.status,
                    "the entry is found"));
}

void Further::try_queries() {
  std::size_t tried = 0;
  for (const RouteHint& route : hints_.routes) {
    if (!route.parameters().empty() || route.path.empty()) continue;
    for (const std::string& name : route.query) {
      if (lower(name) == "page" || lower(name) == "next" || ++tried > 8 || !world_.time_left())
        continue;
      try_query(route, name);
    }
  }
  world_.restore(cast_.base);
}

void Further::try_odd_values() {
  if (!cast_.entry.recipe || cast_.entry.recipe->form.method == "get") return;
  const std::array<std::pair<const char*, std::string>, 4> odd{
      {{"5,000 letters", std::string(5'000, 'L')},
       {"a NUL", std::string("a\0b", 3)},
       {"an emoji", "\xF0\x9F\x94\x91 key"},
       {"nothing", ""}}};
  for (const auto& [name, value] : odd) {
    if (!world_.time_left()) break;
    Actor actor = cast_.owner;
    const Candidate& recipe = *cast_.entry.recipe;
    Request request{.method = "POST", .path = recipe.action, .body = recipe.body};
    for (const auto& [field, sent] : cast_.entry.sent)
      request.fields.emplace_back(field, sent == cast_.entry.typed.title ? value : sent);
    const Reply reply = world_.ask(actor, request);
    if (reply.answer.status >= 500)
      add("server_error",
          std::string("An entry whose title is ") + name + " ends in a server error.",
          recipe.route != nullptr ? recipe.route->view : "",
          {.path = recipe.route != nullptr ? recipe.route->path : "",
           .line = recipe.route != nullptr ? recipe.route->line : 0},
          exchange_of(world_, "POST", recipe.action, std::string("a title of ") + name,
                      reply.answer.status, ""));
    world_.restore(cast_.base);
  }
}

bool Further::shows_entry(const Reply& reply) const {
  return reply.answer.status == 200 &&
         contains(unescaped(reply.answer.body), cast_.entry.typed.title);
}

void Further::sign_out() {
  const auto page = std::ranges::find_if(
      pages_, [](const Shown& one) { return one.trial->nobody == Got::nothing; });
  const bool session = cast_.owner.cookies.contains(hints_.session_cookie);
  if (page == pages_.end() || !session || !cast_.owner.authorization.empty()) return;
  for (const RouteHint& route : hints_.routes) {
    if (!means_logout(route.pattern() + " " + route.view) || !route.parameters().empty()) continue;
    Actor leaving = cast_.owner;
    const std::string path = route.with({});
    Reply left = world_.ask(leaving, {.path = path});
    if (left.answer.status == 405)
      left = world_.ask(leaving, {.method = "POST", .path = path, .body = Request::Body::form});
    // A page that asks whether one is sure.
    if (shows_entry(world_.ask(leaving, {.path = page->path})))
      left = world_.ask(leaving, {.method = "POST", .path = path, .body = Request::Body::form});
    const bool ended = left.answer.status != 0 && left.answer.status < 400;
    // The cookie of before, as somebody who copied it would send it.
    const Reply after = get(page->path);
    if (ended && shows_entry(after))
      add("session_survives", "After signing out the old session still shows the entry.",
          route.view, {.path = route.path, .line = route.line},
          exchange_of(world_, "GET", page->path, "", after.answer.status, "the entry is shown"));
    world_.restore(cast_.base);
    return;
  }
}

/// The counter stands in the candidate's process: a hint.
void Further::count_queries() {
  const ModelHint* model = hints_.model(cast_.entry.table);
  if (model == nullptr || model->key() == nullptr) return;
  std::vector<std::string> fresh;
  for (const ColumnHint& column : model->columns)
    if (column.unique && !column.key) fresh.push_back(column.column);
  if (model->key()->type.find("Auto") == std::string::npos) fresh.push_back(model->key()->column);
  for (const Shown& page : pages_) {
    if (page.trial->route.find('<') != std::string::npos || !world_.time_left()) continue;
    std::vector<int> counts;
    for (const int rows : {few_rows, many_rows}) {
      if (world_.add_copies(cast_.entry.table, cast_.entry.row, rows, fresh, model->key()->column))
        counts.push_back(get(page.path).queries);
      world_.restore(cast_.base);
    }
    if (counts.size() == 2 && counts[0] > 0 && counts[1] - counts[0] >= queries_that_grow)
      add("queries_grow",
          "/" + page.trial->route + " asks the database " + std::to_string(counts[0]) +
              " times with 5 entries and " + std::to_string(counts[1]) + " times with 20.",
          page.trial->view, page.trial->at, exchange_of(world_, "GET", page.path, "", 200, ""));
  }
}

char altered(char letter) {
  if (letter >= '0' && letter <= '8') return static_cast<char>(letter + 1);
  if (letter == '9') return '0';
  if (letter >= 'a' && letter < 'z') return static_cast<char>(letter + 1);
  if (letter >= 'A' && letter < 'Z') return static_cast<char>(letter + 1);
  return letter == 'z' ? 'a' : letter == 'Z' ? 'A' : static_cast<char>(letter ^ 1);
}

/// Hexadecimal digits stay such.
char altered_in(const std::string& text, std::size_t at) {
  const bool hex = text.find_first_not_of("0123456789abcdefABCDEF") == std::string::npos;
  const char next = altered(text[at]);
  if (!hex) return next;
  if (text[at] == 'f') return 'a';
  return text[at] == 'F' ? 'A' : next;
}

}  // namespace

std::vector<Remark> look_further(World& world, const Hints& hints, const Cast& cast,
                                 const std::vector<RouteTrial>& trials) {
  return Further(world, hints, cast, trials).run();
}

void tamper(World& world, const Cast& cast, const std::vector<RouteTrial>& trials, AtRest& rest) {
  const std::size_t dot = rest.column.find('.');
  if (!rest.kind.empty() || dot == std::string::npos || !cast.entry.recipe) return;
  const auto pages = shown_on(trials, Got::secret);
  const auto cell = cast.entry.values.find(rest.column.substr(dot + 1));
  if (pages.empty() || cell == cast.entry.values.end() || cell->second.bytes) return;
  const std::string& text = cell->second.text;
  const std::string& secret = cast.entry.secret;
  if (text.size() < 16) return;
  int refused = 0;
  for (const std::size_t at : {std::size_t{2}, text.size() / 4, text.size() / 2,
                               text.size() * 3 / 4, text.size() - 8, text.size() - 5}) {
    if (!world.time_left()) break;
    std::string other = text;
    other[at] = altered_in(text, at);
    if (!world.edit(cast.entry.table, cast.entry.row, cell->first, other)) continue;
    Actor owner = cast.owner;
    const Reply reply = world.ask(owner, {.path = pages.front().path});
    world.restore(cast.base);
    const std::string page = unescaped(reply.answer.body);
    if (contains(page, secret)) continue;
    const bool part = contains(page, secret.substr(0, 6)) || contains(page, secret.substr(5));
    if (part && reply.answer.status == 200) {
      rest.kind = "weak_crypto";
      rest.why = "an altered byte in what is kept gives the owner an altered secret, unnoticed";
      return;
    }
    ++refused;
  }
  if (refused < 3) return;
  rest.kind = "sound";
  rest.why =
      "what is kept differs each time, is no encoding that is known, and altered it is refused";
}

}  // namespace grader::sandbox::prober
