#include "checks/findings.hpp"

namespace grader::checks::tests {
namespace {

std::vector<grading::Finding> run(const Facts& facts) {
  const auto& tests = facts.project.tests;
  if (tests.count() == 0) {
    auto finding = absent(tests.cases.empty()
                              ? "There are no tests."
                              : "Nothing that is called a test demands anything: no assertion in "
                                "them can fail.",
                          grading::Severity::high);
    if (!tests.cases.empty()) finding.evidence.push_back(code(facts, tests.cases.front().at));
    return {finding};
  }
  for (const auto& one : tests.cases) {
    if (!one.asserts) continue;
    return {met(std::to_string(tests.count()) + " tests assert something.", {code(facts, one.at)})};
  }
  return {};
}

}  // namespace

extern constinit const Check none{
    .title = "There are no tests",
    .why =
        "Nobody can change the application without the risk of breaking what it promises, least "
        "of all that everybody sees only their own passwords.",
    .fix =
        "Start with the rules that matter most: another user's entry is refused, an anonymous "
        "visitor is sent to the sign-in page, the stored password is not the typed one. See "
        "https://docs.djangoproject.com/en/stable/topics/testing/overview/",
    .reference = "CWE-1053",
    .severity = grading::Severity::high,
    .run = run,
};

}  // namespace grader::checks::tests
