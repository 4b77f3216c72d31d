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
    if (!reaches_rows(one.operation) || !one.operation.login.yes()) continue;
    if (one.operation.owner.undecided()) {
      findings.push_back(unclear(named(one) + ": " + one.operation.owner.why + ".",
                                 trace(facts, one.operation.owner.trace)));
      continue;
    }
    if (!one.operation.owner.no()) continue;
    auto finding = violated(facts, one.view.at, named(one) + " reaches the entries of other users.",
                            grading::Severity::critical);
    for (auto& evidence : trace(facts, one.operation.owner.trace)) {
      finding.evidence.push_back(std::move(evidence));
    }
    append(finding, one.proof.owner);
    findings.push_back(std::move(finding));
  }
  if (operations.empty()) return {not_applicable("No view for entries was found.")};
  if (findings.empty()) findings.push_back(met("Signed-in users reach their own entries only."));
  return findings;
}

}  // namespace

extern constinit const Check other_user_disclosure{
    .title = "A signed-in user reaches another person's entries",
    .why =
        "Another signed-in person who changes a number in the address "
        "reaches passwords that are "
        "not theirs.",
    .fix =
        "Take the row only from the requester's own rows: "
        "get_object_or_404(Entry, pk=pk, "
        "user=request.user), or filter get_queryset() by self.request.user. "
        "See "
        "https://docs.djangoproject.com/en/stable/topics/db/queries/"
        "#retrieving-specific-objects-with-filters",
    .reference = "CWE-639",
    .severity = grading::Severity::critical,
    .run = run,
};

}  // namespace grader::checks::access
