#include "checks/findings.hpp"

namespace grader::checks::docs {
namespace {

std::vector<grading::Finding> run(const Facts& facts) {
  const auto& readme = facts.project.readme;
  if (!readme.encryption) {
    return {absent(readme.path.empty()
                       ? "There is no README that could say it."
                       : readme.path + " does not say how passwords are encrypted: no algorithm, "
                                       "no word on where the key comes from.",
                   grading::Severity::medium)};
  }
  return {met("The README says by which means passwords are encrypted.",
              {code(facts, readme.encryption_at)})};
}

}  // namespace

extern constinit const Check encryption_approach_missing{
    .title = "The README does not describe how passwords are encrypted",
    .why =
        "For a password manager this is the one decision that a reader has to judge: which "
        "algorithm, which key, what happens when the database leaks.",
    .fix =
        "Describe the algorithm and mode, where the key comes from and lives, and what this "
        "protects against. See "
        "https://cheatsheetseries.owasp.org/cheatsheets/Cryptographic_Storage_Cheat_Sheet.html",
    .reference = "",
    .severity = grading::Severity::medium,
    .run = run,
};

}  // namespace grader::checks::docs
