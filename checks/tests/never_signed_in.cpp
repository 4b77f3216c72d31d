#include <algorithm>

#include "checks/findings.hpp"

namespace grader::checks::tests {
namespace {

bool wants_login(const project::View& view) {
  return std::ranges::any_of(view.operations,
                             [](const auto& operation) { return operation.login.yes(); });
}

std::vector<grading::Finding> run(const Facts& facts) {
  const auto& tests = facts.project.tests.cases;
  const auto request = std::ranges::find_if(
      tests, [](const project::TestCase& one) { return one.asserts && !one.requests.empty(); });
  if (request == tests.end()) return {not_applicable("No test sends a request.")};
  if (std::ranges::any_of(tests, &project::TestCase::signs_in)) {
    return {met("Tests sign in.")};
  }
  const auto view = std::ranges::find_if(facts.project.views.all, wants_login);
  if (view == facts.project.views.all.end()) {
    return {not_applicable("No view is known to want a signed-in user.")};
  }
  auto finding = absent("No test signs in, and " + view->name + " wants a signed-in user.",
                        grading::Severity::low);
  finding.evidence = {code(facts, request->at, request->name), code(facts, view->at)};
  return {std::move(finding)};
}

}  // namespace

extern constinit const Check never_signed_in{
    .title = "No test signs in",
    .why =
        "What a signed-in user sees and may do is the application; tests that never sign in only "
        "see its sign-in page.",
    .fix =
        "Use client.force_login(user) in setUp, and ask the pages of the entries. See "
        "https://docs.djangoproject.com/en/stable/topics/testing/tools/#django.test.Client."
        "force_login",
    .reference = "",
    .severity = grading::Severity::low,
    .run = run,
};

}  // namespace grader::checks::tests
