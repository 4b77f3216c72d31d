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
    if (!by_get) continue;
    auto finding = violated(facts, one.operation.at,
                            one.view.name + " does a " + one.operation.op + " on a GET request.",
                            grading::Severity::medium);
    finding.evidence.push_back(code(facts, one.view.at, "the view"));
    append(finding, one.proof.method_safe);
    findings.push_back(std::move(finding));
  }
  if (operations.empty()) return {not_applicable("No view that changes entries was found.")};
  if (findings.empty())
    findings.push_back(met("Entries are changed by POST, PUT, PATCH or DELETE only."));
  return findings;
}

}  // namespace

extern constinit const Check state_change_on_get{
    .title = "A change happens on GET",
    .why =
        "A link, a picture or a search robot is enough to change or delete "
        "data: browsers follow "
        "GET requests without asking.",
    .fix =
        "Change data by POST only: @require_POST, or a form with a CSRF "
        "token. See "
        "https://docs.djangoproject.com/en/stable/ref/csrf/",
    .reference = "CWE-352",
    .severity = grading::Severity::medium,
    .run = run,
};

}  // namespace grader::checks::access
