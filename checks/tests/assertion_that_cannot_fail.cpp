#include "checks/findings.hpp"

namespace grader::checks::tests {
namespace {

constexpr std::size_t most_findings = 20;

std::vector<grading::Finding> run(const Facts& facts) {
  const auto& cases = facts.project.tests.cases;
  if (cases.empty()) return {not_applicable("There are no tests.")};
  std::vector<grading::Finding> findings;
  for (const auto& one : cases) {
    for (const auto& at : one.hollow) {
      if (findings.size() >= most_findings) return findings;
      findings.push_back(
          violated(facts, at, "This holds whatever the application does.", grading::Severity::low));
    }
  }
  return findings;
}

}  // namespace

extern constinit const Check assertion_that_cannot_fail{
    .title = "An assertion cannot fail",
    .why = "It looks like a proof and proves nothing: the test passes on broken code as well.",
    .fix =
        "Compare something that the application made with the value that it has to have, and see "
        "the test fail once. See "
        "https://docs.djangoproject.com/en/stable/topics/testing/tools/#assertions",
    .reference = "CWE-571",
    .severity = grading::Severity::low,
    .run = run,
};

}  // namespace grader::checks::tests
