#include "checks/kept_secret.hpp"

namespace grader::checks::encryption {
namespace {

std::vector<grading::Finding> run(const Facts& facts) {
  return kept_as(facts, {project::Transform::hash},
                 "The secret of an entry is hashed one way and cannot be shown again",
                 "The secret of an entry can be shown again.");
}

}  // namespace

extern constinit const Check one_way_hash{
    .title = "Passwords of entries are hashed",
    .why =
        "A hash cannot be undone: the user never gets the password back, so the application does "
        "not do what it is for.",
    .fix =
        "Encrypt with an authenticated cipher before saving, such as Fernet of the package "
        "cryptography, and decrypt only to show. See https://cryptography.io/en/latest/fernet/",
    .reference = "CWE-327",
    .severity = grading::Severity::critical,
    .run = run,
};

}  // namespace grader::checks::encryption
