#include "checks/kept_secret.hpp"
#include "checks/proof.hpp"

namespace grader::checks::encryption {
namespace {

std::vector<grading::Finding> run(const Facts& facts) {
  const auto& secrets = facts.project.secrets;
  const auto kind = kept(facts);
  const bool encrypts = kind == project::Transform::weak_crypto ||
                        kind == project::Transform::sound || kind == project::Transform::unknown;
  if (!encrypts) return {not_applicable("Nothing is encrypted on the server.")};
  auto findings = kept_as(facts, {project::Transform::weak_crypto},
                          "A real cipher protects the secret, but it is used wrongly",
                          "The cipher is used rightly.");
  for (auto& finding : findings) {
    if (finding.outcome != grading::Outcome::violated) continue;
    finding.severity = grading::Severity::high;
    for (const auto& weakness : secrets.weaknesses)
      finding.message += " Weakness: " + weakness + ".";
  }
  return findings;
}

}  // namespace

extern constinit const Check weak_cipher{
    .title = "A cipher is misused",
    .why =
        "A real cipher used wrongly lets an attacker read, compare or "
        "change what it should "
        "protect.",
    .fix =
        "Use an authenticated mode with a fresh nonce: Fernet or AESGCM of "
        "the package "
        "cryptography. See "
        "https://cryptography.io/en/latest/hazmat/primitives/aead/",
    .reference = "CWE-327",
    .severity = grading::Severity::high,
    .run = run,
};

}  // namespace grader::checks::encryption
