#include "checks/code_search.hpp"

namespace grader::checks::encryption {
namespace {

std::vector<grading::Finding> run(const Facts& facts) {
  std::vector<grading::Finding> findings;
  for (const auto& hazard : facts.project.hazards) {
    if (hazard.what != "secret_logged") continue;
    auto finding = violated(
        facts, hazard.at, "A password, key or decrypted value is written to the output or the log.",
        grading::Severity::medium);
    for (auto& step : trace(facts, hazard.trace)) finding.evidence.push_back(std::move(step));
    findings.push_back(std::move(finding));
  }
  return or_met(std::move(findings), "No such place was found.");
}

}  // namespace

extern constinit const Check secret_logged{
    .title = "A secret is printed or logged",
    .why =
        "Output and logs are kept, copied and read by many; a password that is written there is no "
        "longer secret.",
    .fix =
        "Log that something happened and to which row, never the secret itself. See "
        "https://cheatsheetseries.owasp.org/cheatsheets/Logging_Cheat_Sheet.html",
    .reference = "CWE-532",
    .severity = grading::Severity::medium,
    .run = run,
};

}  // namespace grader::checks::encryption
