#include "checks/findings.hpp"

namespace grader::checks::encryption {
namespace {

/// Why a key from this source is no secret; empty where it is one.
std::string_view fault_of(std::string_view source) {
  if (source == "hardcoded" || source == "settings_constant") return "is written in the code";
  if (source == "file_committed") return "is a file of the repository";
  if (source == "db_beside_ciphertext") return "lies in the database beside what it encrypts";
  if (source == "secret_key") return "is made from SECRET_KEY, which serves other purposes";
  return {};
}

std::vector<grading::Finding> run(const Facts& facts) {
  const auto& secrets = facts.project.secrets;
  const bool encrypts =
      secrets.kind == project::Transform::weak_crypto || secrets.kind == project::Transform::sound;
  if (secrets.kind == project::Transform::unknown) {
    return {unclear("How the secret of an entry is kept could not be followed.")};
  }
  if (!encrypts) return {not_applicable("Nothing is encrypted on the server.")};
  if (secrets.key_source.empty()) {
    return {unclear("Where the encryption key comes from could not be followed.",
                    trace(facts, secrets.trace))};
  }
  const std::string_view fault = fault_of(secrets.key_source);
  const Location at = secrets.key_at.line > 0 ? secrets.key_at : secrets.at;
  // The line of a literal key would show the key itself.
  grading::Evidence place;
  place.location = at;
  place.note = "where the key comes from";
  if (fault.empty()) return {met("The encryption key does not lie in the code.", {place})};
  const bool derived = secrets.key_source == "secret_key";
  auto finding = absent("The encryption key " + std::string(fault) + ".",
                        derived ? grading::Severity::medium : grading::Severity::high);
  finding.evidence.push_back(std::move(place));
  return {std::move(finding)};
}

}  // namespace

extern constinit const Check key_hardcoded{
    .title = "The encryption key is where the data is",
    .why = "Whoever has the code or the database has the key as well, and with it every password.",
    .fix =
        "Read the key from the environment, without a default, and keep it out of the repository. "
        "See https://docs.djangoproject.com/en/stable/howto/deployment/checklist/",
    .reference = "CWE-321",
    .severity = grading::Severity::high,
    .run = run,
};

}  // namespace grader::checks::encryption
