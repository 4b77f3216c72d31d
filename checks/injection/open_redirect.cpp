#include "checks/code_search.hpp"

namespace grader::checks::injection {
namespace {

std::vector<grading::Finding> run(const Facts& facts) {
  std::vector<grading::Finding> findings;
  for (const auto& hazard : facts.project.hazards) {
    if (hazard.what != "open_redirect") continue;
    auto finding =
        violated(facts, hazard.at, "The target of a redirect comes from the request unchecked.",
                 grading::Severity::medium);
    for (auto& step : trace(facts, hazard.trace)) finding.evidence.push_back(std::move(step));
    findings.push_back(std::move(finding));
  }
  return or_met(std::move(findings), "No such place was found.");
}

}  // namespace

extern constinit const Check open_redirect{
    .title = "A visitor is sent wherever a request says",
    .why = "A link to this site can lead people to a copy of it that asks for their passwords.",
    .fix =
        "Check the address with url_has_allowed_host_and_scheme() before the redirect. See "
        "https://docs.djangoproject.com/en/stable/topics/security/",
    .reference = "CWE-601",
    .severity = grading::Severity::medium,
    .run = run,
};

}  // namespace grader::checks::injection
