#include <algorithm>

#include "checks/findings.hpp"

namespace grader::checks::tests {
namespace {

constexpr std::size_t most_shown = 5;

/// One test that looks at what comes back is enough: it is the whole suite that is asked.
std::vector<grading::Finding> run(const Facts& facts) {
  std::vector<const project::TestCase*> requesting;
  for (const auto& one : facts.project.tests.cases) {
    if (!one.requests.empty() && one.asserts) requesting.push_back(&one);
  }
  if (requesting.empty()) return {not_applicable("No test sends a request.")};
  if (!std::ranges::all_of(requesting, &project::TestCase::status_only)) {
    return {met("Tests look at more of an answer than its status.")};
  }
  auto finding =
      absent(std::to_string(requesting.size()) + " of " + std::to_string(requesting.size()) +
                 " tests that send a request only ask for status 200.",
             grading::Severity::low);
  for (const auto* one : requesting) {
    if (finding.evidence.size() >= most_shown) break;
    finding.evidence.push_back(code(facts, one->at, one->name));
  }
  return {std::move(finding)};
}

}  // namespace

extern constinit const Check status_only{
    .title = "Tests only ask for status 200",
    .why =
        "A page with the wrong entries, or with somebody else's, has status 200 as well: such "
        "tests notice a crash and nothing else.",
    .fix =
        "Assert what is in the answer and what is stored: assertContains, assertRedirects, the row "
        "read again. See "
        "https://docs.djangoproject.com/en/stable/topics/testing/tools/#assertions",
    .reference = "",
    .severity = grading::Severity::low,
    .run = run,
};

}  // namespace grader::checks::tests
