#include <algorithm>

#include "checks/operations.hpp"

namespace grader::checks::access {
namespace {

std::vector<grading::Finding> run(const Facts& facts) {
  std::vector<grading::Finding> findings;
  const auto operations = reached(facts, {"create", "update", "delete", "import"});
  for (const auto& one : operations) {
    const auto& methods = one.operation.methods;
    const bool by_get = std::ranges::find(methods, "GET") != methods.end();
    if (by_get || !one.operation.method_safe.no()) continue;
    auto finding =
        violated(facts, one.view.at,
                 one.view.name + " does a " + one.operation.op + " without CSRF protection.",
                 grading::Severity::medium);
    append(finding, one.proof.method_safe);
    findings.push_back(std::move(finding));
  }
  if (operations.empty()) return {not_applicable("No view that changes entries was found.")};
  if (findings.empty())
    findings.push_back(met("No view that changes entries is exempt from CSRF protection."));
  return findings;
}

}  // namespace

extern constinit const Check csrf_exempt{
    .title = "CSRF protection is switched off",
    .why =
        "Another web site can make a signed-in user's browser change their "
        "entries.",
    .fix =
        "Remove csrf_exempt and send the token: {% csrf_token %} in forms, "
        "the X-CSRFToken header "
        "with fetch(). See "
        "https://docs.djangoproject.com/en/stable/howto/csrf/",
    .reference = "CWE-352",
    .severity = grading::Severity::medium,
    .run = run,
};

}  // namespace grader::checks::access
