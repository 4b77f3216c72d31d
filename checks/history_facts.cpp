#include "checks/history_facts.hpp"

#include <algorithm>
#include <array>
#include <set>

#include "grader/base/text.hpp"

namespace grader::checks {
namespace {

using submission::Commit;

constexpr std::size_t substantial_lines = 10;

std::string subject_of(const Commit& commit) {
  const auto line = std::string_view(commit.message).substr(0, commit.message.find('\n'));
  return text::lower(text::trim(line));
}

std::int64_t local_day(const Commit& commit) {
  constexpr std::int64_t day = 86'400;
  return (commit.author_time + std::int64_t{60} * commit.author_offset_minutes) / day;
}

void read_people(const std::vector<Commit>& commits, HistoryFacts& facts) {
  std::set<int> people;
  std::set<std::string> addresses;
  std::int64_t first = local_day(commits.front());
  std::int64_t last = first;
  const auto persons = people_of(commits);
  for (std::size_t i = 0; i < commits.size(); ++i) {
    first = std::min(first, local_day(commits[i]));
    last = std::max(last, local_day(commits[i]));
    if (persons[i] < 0) continue;
    people.insert(persons[i]);
    addresses.insert(text::lower(commits[i].author.email));
  }
  facts.authors = static_cast<int>(people.size());
  facts.author_emails = static_cast<int>(addresses.size());
  facts.span_days = static_cast<int>(last - first);
}

/// A message that was used before tells little more; a run of one and the same message about
/// something is one piece of work.
void read_messages(const std::vector<const Commit*>& own, HistoryFacts& facts) {
  std::set<std::string> seen;
  std::string last;
  double sum = 0;
  int weighed = 0;
  for (const Commit* commit : own) {
    const std::string subject = subject_of(*commit);
    const bool repeated = !seen.insert(subject).second;
    const MessageReading reading = read_message(commit->message);
    const bool empty = reading.kind == MessageKind::empty;
    if (repeated || empty) facts.empty_messages.push_back(commit->oid);
    if (empty || subject != last) {
      sum += repeated ? reading.worth * 0.3 : reading.worth;
      ++weighed;
    }
    last = subject;
  }
  const double mean = sum / weighed;
  facts.messages = mean >= 0.78 ? "good" : mean < 0.3 ? "poor" : "mixed";
}

void read_style(const std::vector<const Commit*>& own, HistoryFacts& facts) {
  std::size_t total = 0;
  std::size_t most = 0;
  for (const Commit* commit : own) {
    const std::size_t lines = own_code_lines(*commit);
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

bool is_own_code(std::string_view path) {
  static constexpr std::array endings{std::string_view(".py"),  std::string_view(".html"),
                                      std::string_view(".js"),  std::string_view(".jsx"),
                                      std::string_view(".vue"), std::string_view(".ts"),
                                      std::string_view(".css"), std::string_view(".tsx")};
  if (is_copied_or_generated(path)) return false;
  return std::ranges::any_of(endings, [&](std::string_view end) { return path.ends_with(end); });
}

bool is_copied_or_generated(std::string_view path) {
  const std::string whole = "/" + std::string(path);
  for (const std::string_view end : {"package-lock.json", "yarn.lock", "poetry.lock", "uv.lock",
                                     "Pipfile.lock", "pnpm-lock.yaml", ".map"}) {
    if (path.ends_with(end)) return true;
  }
  return text::contains_any(
      whole, {"site-packages", "node_modules", "venv/", "/env/", "staticfiles", "/vendor/", ".min.",
              "/dist/", "bower_components", "/static/admin/", "__pycache__"});
}

std::size_t own_code_lines(const Commit& commit) {
  std::size_t lines = 0;
  for (const auto& change : commit.changes) {
    if (is_own_code(change.path)) lines += change.insertions;
  }
  return lines;
}

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
