#include "checks/findings.hpp"

namespace grader::checks::history {
namespace {

using grading::Severity;
using project::PastSecret;

/// A value that the application still uses is open; of the others nobody can see here whether they
/// were replaced where they were used.
Severity severity_of(const PastSecret& secret) {
  if (secret.kind == PastSecret::Kind::database) return Severity::medium;
  if (!secret.still_at.path.empty()) return Severity::high;
  const bool development = secret.value.starts_with("django-insecure-");
  return development ? Severity::low : Severity::medium;
}

std::string message_of(const Facts& facts, const PastSecret& secret) {
  if (secret.kind == PastSecret::Kind::database) {
    return "The database " + secret.at.path +
           " was removed from the tree and is still in the "
           "history.";
  }
  const std::string start = "A secret in the history (" + secret.what +
                            "): " + masked(facts, secret.value) + " in " + to_string(secret.at);
  if (secret.still_at.path.empty()) return start + "; the graded tree does not hold it any more.";
  return start + "; the same value stands in " + to_string(secret.still_at) + " today.";
}

grading::Evidence commit_evidence(const PastSecret& secret) {
  grading::Evidence evidence;
  evidence.kind = grading::Evidence::Kind::commit;
  evidence.commit = secret.commit;
  evidence.note = "first held " + secret.at.path;
  return evidence;
}

std::vector<grading::Finding> run(const Facts& facts) {
  std::vector<grading::Finding> findings;
  for (const auto& secret : facts.past_secrets) {
    auto finding = absent(message_of(facts, secret), severity_of(secret));
    finding.evidence.push_back(commit_evidence(secret));
    if (!secret.still_at.path.empty()) {
      finding.evidence.push_back(code_without(facts, secret.still_at, secret.value, "today"));
    }
    findings.push_back(std::move(finding));
  }
  return findings;
}

}  // namespace

extern constinit const Check secret_in_history{
    .title = "A secret or a database lies in the history",
    .why =
        "What was committed once stays readable to everybody who has the repository, also after "
        "its file was deleted.",
    .fix =
        "Replace the value wherever it was used, then take it out of the history if that is worth "
        "the trouble. See https://docs.github.com/authentication/keeping-your-account-and-data-"
        "secure/removing-sensitive-data-from-a-repository",
    .reference = "CWE-540",
    .severity = Severity::medium,
    .run = run,
};

}  // namespace grader::checks::history
