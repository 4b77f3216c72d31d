#include "checks/findings.hpp"

namespace grader::checks::tests {
namespace {

std::vector<grading::Finding> run(const Facts& facts) {
  std::vector<grading::Evidence> proofs;
  for (const auto& one : facts.project.tests.cases) {
    if (one.ownership && proofs.size() < 3) proofs.push_back(code(facts, one.at, one.name));
  }
  if (!proofs.empty()) {
    return {met("Tests let one user ask for another's entry and demand that it is refused.",
                std::move(proofs))};
  }
  return {absent("No test lets a second user ask for an entry and demands that it is refused.",
                 grading::Severity::medium)};
}

}  // namespace

extern constinit const Check ownership_untested{
    .title = "No test proves that users see only their own entries",
    .why =
        "This is the rule whose breach hurts most, and one forgotten filter breaks it without "
        "any page looking wrong.",
    .fix =
        "Make two users, sign in as one, request the entry of the other by its id for reading, "
        "changing and deleting, and assert 404 or 403. See "
        "https://docs.djangoproject.com/en/stable/topics/testing/tools/#django.test.Client."
        "force_login",
    .reference = "CWE-639",
    .severity = grading::Severity::medium,
    .run = run,
};

}  // namespace grader::checks::tests
