#include "checks/findings.hpp"

namespace grader::checks::tests {
namespace {

constexpr std::size_t most_findings = 20;

std::vector<grading::Finding> run(const Facts& facts) {
  const auto& cases = facts.project.tests.cases;
  if (cases.empty()) return {not_applicable("There are no tests.")};
  std::vector<grading::Finding> findings;
  for (const auto& one : cases) {
    if (one.asserts || one.calls_unknown_checks || findings.size() >= most_findings) continue;
    findings.push_back(violated(facts, one.at,
                                one.name + " demands nothing: it fails only where an error is "
                                           "raised.",
                                grading::Severity::low));
  }
  return findings;
}

}  // namespace

extern constinit const Check asserting_nothing{
    .title = "A test demands nothing",
    .why = "It passes whatever the application answers, and gives a safety that is not there.",
    .fix =
        "Assert what the answer or the row has to be: status, content, stored value. See "
        "https://docs.djangoproject.com/en/stable/topics/testing/tools/#assertions",
    .reference = "",
    .severity = grading::Severity::low,
    .run = run,
};

}  // namespace grader::checks::tests
