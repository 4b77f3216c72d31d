#include <algorithm>

#include "grader/base/text.hpp"
#include "grader/report/language.hpp"
#include "grader/report/words.hpp"

namespace grader::report {
namespace {

using Fact = std::pair<std::string, std::string>;

std::string encryption_in_words(const std::string& kind) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 7> words{{
      {"plaintext", "stored as typed"},
      {"encoding", "only encoded, not encrypted"},
      {"toy_cipher", "a toy cipher"},
      {"hash_only", "hashed: nobody can read them back"},
      {"weak_crypto", "weak encryption"},
      {"sound", "sound encryption"},
      {"client_side", "encrypted in the browser"},
  }};
  const auto* found =
      std::ranges::find(words, std::string_view(kind), &decltype(words)::value_type::first);
  return found == words.end() ? "not decided" : std::string(found->second);
}

std::string start_in_words(const std::optional<sandbox::Rehearsal>& rehearsal) {
  if (!rehearsal) return "not tried";
  for (const auto& rung : rehearsal->ladder) {
    const bool beside = rung.name == "tests" || rung.name == "routes" || rung.name == "migrations";
    if (beside || rung.status == sandbox::RungStatus::passed) continue;
    return (rung.status == sandbox::RungStatus::failed ? "no: " : "not decided: ") +
           text::lower(rung_title(rung.name).substr(0, 1)) + rung_title(rung.name).substr(1) + " " +
           rung_outcome(rung);
  }
  if (rehearsal->ladder.empty()) return "not decided";
  std::string words = "yes";
  if (!rehearsal->repairs.empty())
    words += ", after " + plural(rehearsal->repairs.size(), "repair");
  const auto pages = std::ranges::find(rehearsal->ladder, "routes", &sandbox::Rung::name);
  if (pages != rehearsal->ladder.end() && pages->status == sandbox::RungStatus::failed)
    words += ", but not every page answers";
  return words;
}

std::string tests_fact(const Report& report) {
  if (report.rehearsal && report.rehearsal->tests) {
    return tests_in_words(test_counts(*report.rehearsal->tests)) +
           (report.rehearsal->tests->trusted ? "" : " (not trusted)");
  }
  const int count = report.profile.tests.count;
  return count == 0 ? "none found"
                    : plural(static_cast<std::size_t>(count), "test") + " found, not run";
}

}  // namespace

std::vector<Fact> facts(const Report& report) {
  std::vector<Fact> result{{"Findings", counts(violated_checks(report))}};
  if (report.profile.entry_model) {
    const auto& encryption = report.profile.encryption;
    result.emplace_back("Saved passwords",
                        encryption_in_words(encryption.kind) +
                            (encryption.paths_missing.empty() ? "" : ", but not on every path"));
  }
  result.emplace_back("Starts", start_in_words(report.rehearsal));
  result.emplace_back("Tests", tests_fact(report));
  const auto commits = commit_facts(report);
  if (!commits.empty()) result.emplace_back("History", plural(commits.size(), "commit"));
  result.emplace_back("Graded by", basis(report.grade));
  for (auto& [name, value] : result) {
    name = said(name, report.language);
    value = said(value, report.language);
  }
  return result;
}

std::string tests_in_words(const TestCounts& tests) {
  std::string words = std::to_string(tests.passed) + " of " +
                      plural(static_cast<std::size_t>(tests.total()), "test") + " passed";
  if (tests.failed > 0) words += ", " + std::to_string(tests.failed) + " failed";
  if (tests.skipped > 0) words += ", " + std::to_string(tests.skipped) + " skipped";
  return words;
}

std::string history_in_words(const Report& report) {
  const auto commits = commit_facts(report);
  if (commits.empty()) return "No commits.";
  const auto [first, last] = std::ranges::minmax_element(commits, {}, &CommitFacts::time);
  std::size_t added = 0;
  std::size_t removed = 0;
  for (const auto& commit : commits) {
    added += commit.added;
    removed += commit.removed;
  }
  const std::string from = date(first->time);
  const std::string to = date(last->time);
  return plural(commits.size(), "commit") +
         (from == to ? " on " + from : " from " + from + " to " + to) + ": " +
         plural(added, "line") + " added, " + std::to_string(removed) + " removed.";
}

std::vector<const grading::Finding*> good_findings(const Report& report) {
  std::vector<const grading::Finding*> result;
  for (const auto& group : groups(report, grading::Outcome::met)) {
    const auto* finding = group.findings.front();
    if (!finding->message.empty() && !finding->evidence.empty()) result.push_back(finding);
  }
  return result;
}

std::string place_of(const grading::Finding& finding) {
  if (finding.evidence.empty()) return {};
  const auto& first = finding.evidence.front();
  if (!first.location.path.empty()) return to_string(first.location);
  return first.commit.substr(0, 12);
}

std::string last_lines(std::string_view text, std::size_t count) {
  const auto lines = text::lines(text);
  const std::size_t start = lines.size() > count ? lines.size() - count : 0;
  std::string result;
  for (std::size_t i = start; i < lines.size(); ++i) result += std::string(lines[i]) + "\n";
  return result;
}

}  // namespace grader::report
