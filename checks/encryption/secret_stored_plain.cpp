#include "checks/kept_secret.hpp"

namespace grader::checks::encryption {
namespace {

std::vector<grading::Finding> run(const Facts& facts) {
  return kept_as(facts, {project::Transform::none},
                 "The secret of an entry is saved as it was typed",
                 "The secret of an entry is not saved as typed.");
}

}  // namespace

extern constinit const Check secret_stored_plain{
    .title = "Passwords of entries are stored as typed",
    .why = "Whoever sees the database, a backup or a log of it reads the passwords of all users.",
    .fix =
        "Encrypt with an authenticated cipher before saving, such as Fernet of the package "
        "cryptography, and decrypt only to show. See https://cryptography.io/en/latest/fernet/",
    .reference = "CWE-256",
    .severity = grading::Severity::critical,
    .run = run,
};

}  // namespace grader::checks::encryption
