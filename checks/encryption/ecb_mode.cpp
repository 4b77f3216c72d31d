#include "checks/code_search.hpp"

namespace grader::checks::encryption {
namespace {

std::vector<grading::Finding> run(const Facts& facts) {
  const auto& secrets = facts.project.secrets;
  for (const auto& weakness : secrets.weaknesses) {
    if (weakness != "ECB") continue;
    return {violated(facts, secrets.at, "The secret is encrypted in ECB mode.",
                     grading::Severity::high)};
  }
  return {met("This flaw was not seen.")};
}

}  // namespace

extern constinit const Check ecb_mode{
    .title = "Blocks are encrypted one by one (ECB)",
    .why =
        "Equal passwords give equal ciphertexts, so whoever has the database sees who shares a "
        "password.",
    .fix =
        "Use an authenticated mode with a fresh nonce: Fernet or AESGCM. See "
        "https://cryptography.io/en/latest/hazmat/primitives/aead/",
    .reference = "CWE-327",
    .severity = grading::Severity::high,
    .run = run,
};

}  // namespace grader::checks::encryption
