#include <algorithm>

#include "checks/findings.hpp"
#include "checks/history_facts.hpp"
#include "grader/base/text.hpp"

namespace grader::checks::history {
namespace {

constexpr std::size_t most_shown = 8;

grading::Evidence shown(const submission::Commit& commit) {
  grading::Evidence evidence;
  evidence.kind = grading::Evidence::Kind::commit;
  evidence.commit = commit.oid;
  evidence.quote = text::shorten(commit.message, 200);
  return evidence;
}

std::vector<grading::Finding> run(const Facts& facts) {
  const HistoryFacts history = history_facts(facts.history);
  if (history.commits == 0) return {not_applicable("There is no history.")};
  if (history.messages != "poor") {
    return {met(std::to_string(history.empty_messages.size()) + " of " +
                std::to_string(history.commits) + " commit messages say little.")};
  }
  auto finding =
      absent(std::to_string(history.empty_messages.size()) + " of " +
                 std::to_string(history.commits) + " commit messages do not say what was changed.",
             grading::Severity::low);
  for (const auto& commit : facts.history.commits) {
    if (finding.evidence.size() >= most_shown) break;
    const bool empty =
        std::ranges::find(history.empty_messages, commit.oid) != history.empty_messages.end();
    if (empty) finding.evidence.push_back(shown(commit));
  }
  return {std::move(finding)};
}

}  // namespace

extern constinit const Check poor_messages{
    .title = "Commit messages do not say what changed",
    .why =
        "Whoever looks for the reason of a line finds «update» or «fix»: the history is of no help "
        "to the next person.",
    .fix =
        "Say in the first line what the commit does, and below it why. See "
        "https://git-scm.com/book/en/v2/Distributed-Git-Contributing-to-a-Project",
    .reference = "",
    .severity = grading::Severity::low,
    .run = run,
};

}  // namespace grader::checks::history
