#include "checks/code_search.hpp"

namespace grader::checks::encryption {
namespace {

std::vector<grading::Finding> run(const Facts& facts) {
  const auto& secrets = facts.project.secrets;
  for (const auto& weakness : secrets.weaknesses) {
    if (weakness != "static nonce") continue;
    return {violated(facts, secrets.at,
                     "Every text is encrypted with the same nonce or initialisation vector.",
                     grading::Severity::high)};
  }
  return {met("This flaw was not seen.")};
}

}  // namespace

extern constinit const Check static_nonce{
    .title = "The nonce of the cipher is the same each time",
    .why =
        "With one nonce for many texts, GCM and CTR give away the texts, and GCM lets them be "
        "forged.",
    .fix =
        "Make a nonce for each text with os.urandom() and store it beside the ciphertext. See "
        "https://cryptography.io/en/latest/hazmat/primitives/aead/",
    .reference = "CWE-323",
    .severity = grading::Severity::high,
    .run = run,
};

}  // namespace grader::checks::encryption
