#include "checks/code_search.hpp"

namespace grader::checks::injection {
namespace {

std::vector<grading::Finding> run(const Facts& facts) {
  std::vector<grading::Finding> findings;
  for (const auto& hazard : facts.project.hazards) {
    if (hazard.what != "server_request") continue;
    auto finding =
        violated(facts, hazard.at, "The server fetches an address that the request chose.",
                 grading::Severity::medium);
    for (auto& step : trace(facts, hazard.trace)) finding.evidence.push_back(std::move(step));
    findings.push_back(std::move(finding));
  }
  return or_met(std::move(findings), "No such place was found.");
}

}  // namespace

extern constinit const Check server_side_request{
    .title = "The server fetches an address that a person typed",
    .why = "Somebody can make the server read pages of its own network or machine for them.",
    .fix =
        "Allow only known hosts, resolve the name first and refuse private addresses; set a "
        "timeout. See "
        "https://cheatsheetseries.owasp.org/cheatsheets/"
        "Server_Side_Request_Forgery_Prevention_Cheat_Sheet.html",
    .reference = "CWE-918",
    .severity = grading::Severity::medium,
    .run = run,
};

}  // namespace grader::checks::injection
