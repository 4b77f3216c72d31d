#include <algorithm>

#include "checks/findings.hpp"
#include "grader/base/text.hpp"

namespace grader::checks::tests {
namespace {

using Status = sandbox::TestCase::Status;

constexpr std::size_t most_findings = 20;

bool is_bad(const sandbox::TestCase& test) {
  return test.status == Status::failed || test.status == Status::error;
}

/// Where the test of this id stands, if it was found statically too: "tests.A.test_x" or a pytest
/// node id "app/tests.py::A::test_x".
Location place(const project::Tests& tests, std::string_view id) {
  const auto name = id.substr(id.find_last_of(".:") + 1);
  const auto found = std::ranges::find_if(tests.cases, [&](const project::TestCase& one) {
    return one.name.ends_with("." + std::string(name.substr(0, name.find('['))));
  });
  return found == tests.cases.end() ? Location() : found->at;
}

grading::Finding failure(const Facts& facts, const sandbox::TestCase& test) {
  auto finding =
      absent(test.id + (test.status == Status::failed ? " fails." : " ends in an error."),
             grading::Severity::medium);
  const Location at = place(facts.project.tests, test.id);
  if (at.line > 0) finding.evidence.push_back(code(facts, at));
  grading::Evidence told;
  told.kind = grading::Evidence::Kind::tool;
  told.quote = text::shorten(test.message, 2'000);
  told.note = "what the candidate's test run said";
  finding.evidence.push_back(std::move(told));
  return finding;
}

/// Why the tests were not run to their end.
std::vector<grading::Finding> not_run(const sandbox::Rehearsal& rehearsal) {
  for (const auto& rung : rehearsal.ladder) {
    if (rung.status == sandbox::RungStatus::failed &&
        rung.cause == sandbox::RungCause::submission) {
      return {unclear("The tests could not be run: " + rung.reason)};
    }
  }
  return {not_looked_at(rehearsal.problem.empty() ? "The tests were not run." : rehearsal.problem)};
}

std::vector<grading::Finding> run(const Facts& facts) {
  if (facts.rehearsal == nullptr) return {not_looked_at("The tests were not run.")};
  if (facts.project.tests.cases.empty()) return {not_applicable("There are no tests to run.")};
  if (!facts.rehearsal->tests) return not_run(*facts.rehearsal);
  const auto& run = *facts.rehearsal->tests;
  std::vector<grading::Finding> findings;
  for (const auto& test : run.cases) {
    if (is_bad(test) && findings.size() < most_findings) findings.push_back(failure(facts, test));
  }
  if (!findings.empty()) {
    const auto all = std::ranges::count_if(run.cases, is_bad);
    findings.back().count += static_cast<int>(all) - static_cast<int>(findings.size());
    return findings;
  }
  if (!run.trusted) return {unclear("The result of the tests cannot be trusted: " + run.doubt)};
  const auto passed = std::ranges::count(run.cases, Status::passed, &sandbox::TestCase::status);
  if (passed == 0) return {unclear("The test run came to no result.")};
  return {met("All " + std::to_string(passed) + " tests that were run pass.")};
}

}  // namespace

extern constinit const Check failing{
    .title = "The candidate's own tests fail",
    .why =
        "Either the application does not do what its author says, or the tests were not run "
        "before it was handed in.",
    .fix =
        "Run python manage.py test in a fresh virtual environment before each commit. See "
        "https://docs.djangoproject.com/en/stable/topics/testing/overview/#running-tests",
    .reference = "",
    .severity = grading::Severity::medium,
    .run = run,
};

}  // namespace grader::checks::tests
