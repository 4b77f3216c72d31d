#include "checks/findings.hpp"
#include "checks/history_facts.hpp"

namespace grader::checks::history {
namespace {

grading::Evidence commit_evidence(const std::string& oid, std::string note) {
  grading::Evidence evidence;
  evidence.kind = grading::Evidence::Kind::commit;
  evidence.commit = oid;
  evidence.note = std::move(note);
  return evidence;
}

std::vector<grading::Finding> run(const Facts& facts) {
  const HistoryFacts history = history_facts(facts.history);
  if (history.commits == 0) return {not_applicable("There is no history.")};
  if (history.style != "single_dump") {
    return {met("The work is spread over " + std::to_string(history.commits) + " commits, " +
                std::to_string(history.substantial) + " of them with ten lines of code or more.")};
  }
  auto finding =
      absent(std::to_string(history.largest_percent) + " % of the code came with one commit of " +
                 std::to_string(history.commits) + ".",
             grading::Severity::low);
  finding.evidence.push_back(commit_evidence(history.largest, "brought most of the code"));
  return {std::move(finding)};
}

}  // namespace

extern constinit const Check single_dump{
    .title = "The whole work came in one commit",
    .why =
        "Nobody can see how the work grew, what was tried, and in which order: a history that "
        "shows it is part of how a team works together.",
    .fix =
        "Commit small steps as you work, each with a message that says why. See "
        "https://git-scm.com/book/en/v2/Distributed-Git-Contributing-to-a-Project",
    .reference = "",
    .severity = grading::Severity::low,
    .run = run,
};

}  // namespace grader::checks::history
