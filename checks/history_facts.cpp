#include "checks/history_facts.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <numeric>
#include <set>

#include "grader/base/text.hpp"

namespace grader::checks {
namespace {

using submission::Commit;

constexpr std::size_t substantial_lines = 10;

/// Words that alone tell a reader nothing about what changed.
constexpr std::array empty_words{
    std::string_view("fix"),     std::string_view("fixes"),   std::string_view("fixed"),
    std::string_view("update"),  std::string_view("updates"), std::string_view("updated"),
    std::string_view("change"),  std::string_view("changes"), std::string_view("changed"),
    std::string_view("commit"),  std::string_view("wip"),     std::string_view("final"),
    std::string_view("test"),    std::string_view("tests"),   std::string_view("initial"),
    std::string_view("first"),   std::string_view("last"),    std::string_view("another"),
    std::string_view("new"),     std::string_view("some"),    std::string_view("minor"),
    std::string_view("small"),   std::string_view("bug"),     std::string_view("bugs"),
    std::string_view("stuff"),   std::string_view("done"),    std::string_view("more"),
    std::string_view("work"),    std::string_view("misc"),    std::string_view("cleanup"),
    std::string_view("code"),    std::string_view("edit"),    std::string_view("edits"),
    std::string_view("add"),     std::string_view("added"),   std::string_view("all"),
    std::string_view("the"),     std::string_view("file"),    std::string_view("files"),
    std::string_view("project"), std::string_view("a"),       std::string_view("for"),
    std::string_view("of"),      std::string_view("readme"),  std::string_view("settings"),
    std::string_view("problem"), std::string_view("in"),      std::string_view("on"),
};

std::string subject_of(const Commit& commit) {
  const auto line = std::string_view(commit.message).substr(0, commit.message.find('\n'));
  return text::lower(text::trim(line));
}

std::vector<std::string> words_of(std::string_view subject) {
  std::vector<std::string> words;
  std::string word;
  for (const char c : subject) {
    const auto byte = static_cast<unsigned char>(c);
    const bool letter = byte >= 0x80 || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    if (letter) {
      word += c;
    } else if (!word.empty()) {
      words.push_back(std::exchange(word, {}));
    }
  }
  if (!word.empty()) words.push_back(word);
  return words;
}

bool says_little(const std::string& subject) {
  static constexpr std::array machine{std::string_view("modified:"), std::string_view("new file:"),
                                      std::string_view("deleted:"), std::string_view("renamed:")};
  const bool status = std::ranges::any_of(
      machine, [&](std::string_view start) { return subject.starts_with(start); });
  const auto words = words_of(subject);
  if (status || words.size() <= 1 || subject == "add files via upload") return true;
  const bool web_edit = subject.find(' ') == subject.rfind(' ') &&
                        (subject.starts_with("update ") || subject.starts_with("create ") ||
                         subject.starts_with("delete ") || subject.starts_with("rename "));
  return web_edit || std::ranges::all_of(words, [](const std::string& word) {
           return std::ranges::find(empty_words, word) != empty_words.end();
         });
}

bool is_code(std::string_view path) {
  static constexpr std::array endings{std::string_view(".py"),  std::string_view(".html"),
                                      std::string_view(".js"),  std::string_view(".jsx"),
                                      std::string_view(".vue"), std::string_view(".ts"),
                                      std::string_view(".css")};
  if (text::contains_any(path, {"site-packages", "node_modules", "venv/", "/env/", "staticfiles",
                                "/vendor/", ".min."})) {
    return false;
  }
  return std::ranges::any_of(endings, [&](std::string_view end) { return path.ends_with(end); });
}

std::size_t code_lines(const Commit& commit) {
  std::size_t lines = 0;
  for (const auto& change : commit.changes) {
    if (is_code(change.path)) lines += change.insertions;
  }
  return lines;
}

/// "123+name@users.noreply…" and "name@example.org" → "name".
std::string login_of(std::string_view email) {
  auto login = email.substr(0, email.find('@'));
  if (const auto plus = login.find('+');
      plus != login.npos && email.find("noreply") != email.npos) {
    login.remove_prefix(plus + 1);
  }
  return text::lower(login);
}

std::string squeezed(std::string_view name) {
  std::string result;
  for (const char c : text::lower(name)) {
    if (c != ' ' && c != '.' && c != '-' && c != '_') result += c;
  }
  return result;
}

/// People behind names and addresses: two commits are of one person if their addresses, names or
/// logins agree.
class People {
 public:
  void add(const submission::Person& person) {
    const std::size_t mine = parents_.size();
    parents_.push_back(mine);
    for (const std::string& key :
         {text::lower(person.email), squeezed(person.name), squeezed(login_of(person.email))}) {
      if (key.size() < 3) continue;
      const auto [found, fresh] = known_.emplace(key, mine);
      if (!fresh) parents_[root(mine)] = root(found->second);
    }
    emails_.insert(text::lower(person.email));
  }

  int count() {
    std::set<std::size_t> roots;
    for (std::size_t i = 0; i < parents_.size(); ++i) roots.insert(root(i));
    return static_cast<int>(roots.size());
  }

  int emails() const { return static_cast<int>(emails_.size()); }

 private:
  std::size_t root(std::size_t i) {
    while (parents_[i] != i) i = parents_[i] = parents_[parents_[i]];
    return i;
  }

  std::vector<std::size_t> parents_;
  std::map<std::string, std::size_t> known_;
  std::set<std::string> emails_;
};

std::int64_t local_day(const Commit& commit) {
  constexpr std::int64_t day = 86'400;
  return (commit.author_time + std::int64_t{60} * commit.author_offset_minutes) / day;
}

void read_people(const std::vector<Commit>& commits, HistoryFacts& facts) {
  People people;
  std::int64_t first = local_day(commits.front());
  std::int64_t last = first;
  for (const auto& commit : commits) {
    people.add(commit.author);
    first = std::min(first, local_day(commit));
    last = std::max(last, local_day(commit));
  }
  facts.authors = people.count();
  facts.author_emails = people.emails();
  facts.span_days = static_cast<int>(last - first);
}

void read_messages(const std::vector<const Commit*>& own, HistoryFacts& facts) {
  std::set<std::string> seen;
  for (const Commit* commit : own) {
    const std::string subject = subject_of(*commit);
    const bool repeated = !seen.insert(subject).second;
    if (repeated || says_little(subject)) facts.empty_messages.push_back(commit->oid);
  }
  const auto percent = 100 * facts.empty_messages.size() / own.size();
  facts.messages = percent > 60 || own.size() < 3 ? "poor" : percent < 17 ? "good" : "mixed";
}

void read_style(const std::vector<const Commit*>& own, HistoryFacts& facts) {
  std::size_t total = 0;
  std::size_t most = 0;
  for (const Commit* commit : own) {
    const std::size_t lines = code_lines(*commit);
    total += lines;
    if (lines >= substantial_lines) ++facts.substantial;
    if (lines <= most) continue;
    most = lines;
    facts.largest = commit->oid;
  }
  facts.largest_percent = total == 0 ? 0 : static_cast<int>(100 * most / total);
  const bool dump = own.size() < 3 || (facts.largest_percent > 85 && facts.substantial <= 4);
  const bool few = own.size() < 8 || facts.substantial <= 3;
  facts.style = dump ? "single_dump" : few ? "few_batches" : "incremental";
}

}  // namespace

HistoryFacts history_facts(const submission::History& history) {
  HistoryFacts facts;
  facts.commits = static_cast<int>(history.commits.size());
  if (history.commits.empty()) return facts;
  read_people(history.commits, facts);
  std::vector<const Commit*> own;
  for (const auto& commit : history.commits) {
    if (commit.parents.size() < 2) own.push_back(&commit);
  }
  if (own.empty()) own.push_back(&history.commits.back());
  std::ranges::reverse(own);
  read_messages(own, facts);
  read_style(own, facts);
  return facts;
}

}  // namespace grader::checks
