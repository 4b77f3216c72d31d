#include "checks/code_search.hpp"

namespace grader::checks::encryption {
namespace {

std::vector<grading::Finding> run(const Facts& facts) {
  std::vector<grading::Finding> findings;
  for (const auto& hazard : facts.project.hazards) {
    if (hazard.what != "secret_in_message") continue;
    auto finding =
        violated(facts, hazard.at, "A password, key or decrypted value becomes part of a message.",
                 grading::Severity::medium);
    for (auto& step : trace(facts, hazard.trace)) finding.evidence.push_back(std::move(step));
    findings.push_back(std::move(finding));
  }
  return or_met(std::move(findings), "No message was seen to carry a secret.");
}

}  // namespace

extern constinit const Check secret_in_message{
    .title = "A message carries a secret",
    .why =
        "Django keeps messages in a cookie that is signed and not encrypted, or in the session, "
        "until a page shows them: the secret lies there readable, and appears on whatever page "
        "comes next.",
    .fix =
        "Say in the message that it worked, and show the secret only on the page made for it. See "
        "https://docs.djangoproject.com/en/stable/ref/contrib/messages/#storage-backends",
    .reference = "CWE-315",
    .severity = grading::Severity::medium,
    .run = run,
};

}  // namespace grader::checks::encryption
