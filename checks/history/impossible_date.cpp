#include "checks/findings.hpp"
#include "checks/history_notes.hpp"

namespace grader::checks::history {
namespace {

std::vector<grading::Finding> run(const Facts& facts) {
  if (facts.history.commits.empty()) return {not_applicable("There is no history.")};
  std::vector<grading::Finding> findings;
  for (const auto& date : impossible_dates(facts)) {
    auto finding = absent("A commit " + date.why + ".", grading::Severity::info);
    grading::Evidence evidence;
    evidence.kind = grading::Evidence::Kind::commit;
    evidence.commit = date.commit;
    finding.evidence.push_back(std::move(evidence));
    findings.push_back(std::move(finding));
  }
  return findings;
}

}  // namespace

extern constinit const Check impossible_date{
    .title = "A commit has a date that cannot be",
    .why =
        "A clock that is set wrong does it, and so does a history that was written anew: what the "
        "dates tell about how the work grew is then worth little.",
    .fix =
        "Set the clock of the machine, and leave dates as git writes them. Whoever knows the "
        "reason can say it. See https://git-scm.com/docs/git-commit#_date_formats",
    .reference = "",
    .severity = grading::Severity::info,
    .run = run,
};

}  // namespace grader::checks::history
