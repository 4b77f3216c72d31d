#include "checks/findings.hpp"

namespace grader::checks::settings {
namespace {

using grading::Severity;

/// What opens other doors weighs more than what works on the developer's machine alone.
Severity severity_of(const project::CommittedSecret& secret) {
  if (project::file_name(secret.at.path).find("example") != std::string_view::npos) {
    return Severity::low;
  }
  if (secret.what == "db password" || secret.what == "account password") return Severity::medium;
  return Severity::high;
}

std::string message_of(const Facts& facts, const project::CommittedSecret& secret) {
  const std::string value = masked(facts, secret.value);
  if (secret.what == ".env committed") {
    return "The environment file itself is committed, with secrets in it: " + value + ".";
  }
  return "A credential stands in the repository (" + secret.what + "): " + value + ".";
}

std::vector<grading::Finding> run(const Facts& facts) {
  std::vector<grading::Finding> findings;
  for (const auto& secret : facts.project.committed_secrets) {
    auto finding = absent(message_of(facts, secret), severity_of(secret));
    finding.evidence.push_back(code_without(facts, secret.at, secret.value));
    findings.push_back(std::move(finding));
  }
  return findings;
}

}  // namespace

extern constinit const Check credential_committed{
    .title = "Passwords or keys are in the repository",
    .why =
        "Everybody who can read the repository, now or later, can use them: sign in to the "
        "database or mailbox, call paid services, decrypt what was encrypted with the key.",
    .fix =
        "Take them out, replace them by new ones where they were used, and read them from the "
        "environment. Removing the line does not remove it from the history. See "
        "https://docs.djangoproject.com/en/stable/howto/deployment/checklist/",
    .reference = "CWE-798",
    .severity = Severity::high,
    .run = run,
};

}  // namespace grader::checks::settings
