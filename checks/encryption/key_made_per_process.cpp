#include "checks/code_search.hpp"

namespace grader::checks::encryption {
namespace {

std::vector<grading::Finding> run(const Facts& facts) {
  const auto& secrets = facts.project.secrets;
  if (secrets.key_source != "random_per_process") {
    return {met("No key was seen that ends with the process.")};
  }
  return {violated(facts, secrets.key_at.line > 0 ? secrets.key_at : secrets.at,
                   "The key is generated here and kept nowhere.", grading::Severity::high)};
}

}  // namespace

extern constinit const Check key_made_per_process{
    .title = "The key is made anew at each start",
    .why =
        "After the next restart nothing that was saved can be decrypted: every stored password is "
        "lost.",
    .fix =
        "Make the key once, keep it outside the code and read it at the start. See "
        "https://cryptography.io/en/latest/fernet/#cryptography.fernet.Fernet.generate_key",
    .reference = "CWE-320",
    .severity = grading::Severity::high,
    .run = run,
};

}  // namespace grader::checks::encryption
