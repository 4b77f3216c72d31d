#include "checks/kept_secret.hpp"

namespace grader::checks::encryption {
namespace {

std::vector<grading::Finding> run(const Facts& facts) {
  return kept_as(facts, {project::Transform::encoding, project::Transform::toy_cipher},
                 "The secret of an entry is only encoded", "No encoding is taken for encryption.");
}

}  // namespace

extern constinit const Check encoding_as_encryption{
    .title = "An encoding is taken for encryption",
    .why =
        "Base64, hex and home-made ciphers need no key to be undone: it is as if the passwords "
        "were stored as typed.",
    .fix =
        "Encrypt with an authenticated cipher before saving, such as Fernet of the package "
        "cryptography, and decrypt only to show. See https://cryptography.io/en/latest/fernet/",
    .reference = "CWE-261",
    .severity = grading::Severity::critical,
    .run = run,
};

}  // namespace grader::checks::encryption
