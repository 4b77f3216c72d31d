#include "checks/operations.hpp"

namespace grader::checks::access {
namespace {

/// What a person who gets through really gets or does.
bool reaches_rows(const project::Operation& operation) {
  return operation.op != "create" && !operation.anonymous_error;
}

std::vector<grading::Finding> run(const Facts& facts) {
  std::vector<grading::Finding> findings;
  const auto operations = reached(facts);
  for (const auto& one : operations) {
    if (!reaches_rows(one.operation) || !one.operation.discloses || one.operation.login.yes())
      continue;
    if (one.operation.owner.undecided()) {
      findings.push_back(
          unclear(named(one) + " needs no login; whose rows it reaches is not clear.",
                  trace(facts, one.operation.owner.trace)));
      continue;
    }
    if (!one.operation.owner.no()) continue;
    auto finding = violated(facts, one.view.at,
                            named(one) + " reaches entries for people who never signed in.",
                            grading::Severity::critical);
    for (auto& evidence : trace(facts, one.operation.owner.trace)) {
      finding.evidence.push_back(std::move(evidence));
    }
    append(finding, one.proof.login);
    findings.push_back(std::move(finding));
  }
  if (operations.empty()) return {not_applicable("No view for entries was found.")};
  if (findings.empty()) findings.push_back(met("Nobody reaches entries without signing in."));
  return findings;
}

}  // namespace

extern constinit const Check anonymous_disclosure{
    .title = "Anybody gets, changes or deletes entries without login",
    .why = "The passwords of all users are open to the internet.",
    .fix =
        "Ask for a login on every page for entries, and take rows from the "
        "requester's own only. "
        "See "
        "https://docs.djangoproject.com/en/stable/topics/auth/default/"
        "#limiting-access-to-logged-in-users",
    .reference = "CWE-306",
    .severity = grading::Severity::critical,
    .run = run,
};

}  // namespace grader::checks::access
