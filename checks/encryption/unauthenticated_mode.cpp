#include "checks/code_search.hpp"

namespace grader::checks::encryption {
namespace {

std::vector<grading::Finding> run(const Facts& facts) {
  const auto& secrets = facts.project.secrets;
  for (const auto& weakness : secrets.weaknesses) {
    if (weakness != "no authentication") continue;
    return {violated(facts, secrets.at, "The mode of the cipher does not notice changes.",
                     grading::Severity::low)};
  }
  return {met("This flaw was not seen.")};
}

}  // namespace

extern constinit const Check unauthenticated_mode{
    .title = "A ciphertext can be changed unnoticed",
    .why =
        "Without authentication an attacker who can write to the database changes texts, or reads "
        "them by watching errors.",
    .fix =
        "Use an authenticated mode: Fernet or AESGCM. See "
        "https://cryptography.io/en/latest/hazmat/primitives/aead/",
    .reference = "CWE-353",
    .severity = grading::Severity::low,
    .run = run,
};

}  // namespace grader::checks::encryption
