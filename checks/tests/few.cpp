#include "checks/findings.hpp"

namespace grader::checks::tests {
namespace {

constexpr int asked_for = 3;

std::vector<grading::Finding> run(const Facts& facts) {
  const auto& tests = facts.project.tests;
  const int count = tests.count();
  if (count >= asked_for) return {met(std::to_string(count) + " tests assert something.")};
  auto finding = absent("Only " + std::to_string(count) + " of at least " +
                            std::to_string(asked_for) + " tests that were asked for.",
                        grading::Severity::medium);
  for (const auto& one : tests.cases) {
    if (one.asserts) finding.evidence.push_back(code(facts, one.at));
  }
  return {finding};
}

}  // namespace

extern constinit const Check few{
    .title = "There are fewer than three tests",
    .why = "Most of what the application promises can break without anybody noticing.",
    .fix =
        "Write a test for each rule of the assignment: sign-in, own entries only, encryption, "
        "search. See https://docs.djangoproject.com/en/stable/intro/tutorial05/",
    .reference = "",
    .severity = grading::Severity::medium,
    .run = run,
};

}  // namespace grader::checks::tests
