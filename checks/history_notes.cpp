#include "checks/history_notes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <map>
#include <ranges>

#include "checks/history_facts.hpp"
#include "grader/base/text.hpp"

namespace grader::checks {
namespace {

using submission::ChangedPath;
using submission::Commit;

/// "1 commit", "2 commits".
std::string counted(std::size_t count, std::string_view noun) {
  return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
}

/// Between two commits of one sitting of one person, in seconds.
constexpr std::int64_t pause = std::int64_t{2} * 3600;

bool is_test_path(std::string_view path) {
  const auto name = project::file_name(path);
  const bool code = name.ends_with(".py") || name.ends_with(".ts") || name.ends_with(".tsx") ||
                    name.ends_with(".js") || name.ends_with(".jsx");
  const bool named = name.starts_with("test") || name.find("_test.") != name.npos ||
                     name.find("_tests.") != name.npos || name.find(".test.") != name.npos ||
                     name.find(".spec.") != name.npos;
  return code && named && is_own_code(path);
}

bool is_readme_path(std::string_view path) {
  return text::lower(project::file_name(path)).starts_with("readme") &&
         std::ranges::count(path, '/') <= 1;
}

Arrival arrival(const submission::History& history, std::uint32_t least,
                const std::function<bool(std::string_view)>& wanted) {
  Arrival result;
  std::size_t before = 0;
  std::size_t total = 0;
  for (const auto& commit : history.commits | std::views::reverse) {
    // What startapp writes into tests.py is no test, and a title is no README.
    const bool brings = std::ranges::any_of(commit.changes, [&](const ChangedPath& change) {
      return change.insertions >= least && wanted(change.path);
    });
    if (brings && !result.present()) {
      result.commit = commit.oid;
      before = total;
    }
    if (brings) ++result.commits;
    total += own_code_lines(commit);
  }
  result.code_percent = total == 0 ? 0 : static_cast<int>(100 * before / total);
  return result;
}

std::size_t sittings(const std::vector<Commit>& commits, const std::vector<int>& people) {
  std::map<int, std::vector<std::int64_t>> times;
  for (std::size_t i = 0; i < commits.size(); ++i) {
    if (people[i] >= 0) times[people[i]].push_back(commits[i].author_time);
  }
  std::size_t count = 0;
  for (auto& [person, moments] : times) {
    std::ranges::sort(moments);
    ++count;
    for (std::size_t i = 1; i < moments.size(); ++i) {
      if (moments[i] - moments[i - 1] > pause) ++count;
    }
  }
  return count;
}

/// "61 %, 30 % and 9 %" of the commits, largest first; of many people the first five.
std::string shares(const std::vector<int>& people) {
  std::map<int, std::size_t> counts;
  for (const int person : people) {
    if (person >= 0) ++counts[person];
  }
  std::vector<std::size_t> sizes;
  for (const auto& [person, count] : counts) sizes.push_back(count);
  std::ranges::sort(sizes, std::greater<>());
  if (sizes.size() > 5) sizes.resize(5);
  std::vector<std::string> words;
  for (const std::size_t size : sizes) {
    words.push_back(fmt::format("{} %", 100 * size / people.size()));
  }
  return text::join(words, ", ");
}

std::string arrival_words(std::string_view what, const Arrival& arrival) {
  const bool late = arrival.code_percent >= 90;
  return fmt::format("{} came {} {} % of the code was there, in {}.", what,
                     late ? "when" : "with the code: first when", arrival.code_percent,
                     counted(static_cast<std::size_t>(arrival.commits), "commit"));
}

/// Lines of packages, builds and lock files among all that were added.
std::pair<std::size_t, std::size_t> copied_lines(const std::vector<Commit>& commits) {
  std::size_t copied = 0;
  std::size_t all = 0;
  for (const auto& commit : commits) {
    for (const auto& change : commit.changes) {
      all += change.insertions;
      if (is_copied_or_generated(change.path)) copied += change.insertions;
    }
  }
  return {copied, all};
}

}  // namespace

Arrival tests_arrival(const submission::History& history) {
  return arrival(history, 4, is_test_path);
}

Arrival readme_arrival(const submission::History& history) {
  return arrival(history, 5, is_readme_path);
}

std::vector<grading::HistoryNote> history_notes(const Facts& facts) {
  std::vector<grading::HistoryNote> notes;
  const auto& commits = facts.history.commits;
  if (commits.empty()) return notes;
  const auto people = people_of(commits);
  const HistoryFacts figures = history_facts(facts.history);
  notes.push_back({"sittings",
                   fmt::format("{} in {}: a pause of two hours divides them.",
                               counted(commits.size(), "commit"),
                               counted(sittings(commits, people), "sitting")),
                   {}});
  if (figures.authors > 1) {
    notes.push_back({"people",
                     fmt::format("{} people with {} addresses: {} of the commits.", figures.authors,
                                 figures.author_emails, shares(people)),
                     {}});
  }
  if (commits.size() > 2) {
    const Arrival tests = tests_arrival(facts.history);
    const Arrival readme = readme_arrival(facts.history);
    if (tests.present()) notes.push_back({"tests", arrival_words("Tests", tests), tests.commit});
    if (readme.present()) {
      notes.push_back({"readme", arrival_words("The README", readme), readme.commit});
    }
  }
  const auto [copied, all] = copied_lines(commits);
  if (100 * copied >= 5 * all && copied > 0) {
    notes.push_back({"copied",
                     fmt::format("{} % of all added lines are of packages, builds and other files "
                                 "that nobody writes.",
                                 100 * copied / all),
                     {}});
  }
  for (const auto& sign : template_signs(facts)) {
    notes.push_back({"origin", "About the origin: " + sign.what + ".", sign.commit});
  }
  for (const auto& date : impossible_dates(facts)) {
    notes.push_back({"date", "A commit " + date.why + ".", date.commit});
  }
  return notes;
}

}  // namespace grader::checks
