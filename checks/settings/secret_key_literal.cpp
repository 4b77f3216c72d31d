#include "checks/findings.hpp"

namespace grader::checks::settings {
namespace {

using project::Origin;

grading::Finding in_code(const Facts& facts, const project::Setting& setting, std::string message,
                         grading::Severity severity) {
  auto finding = absent(std::move(message), severity);
  const std::string& secret = setting.value.text;
  const auto literal = setting.value.node;
  const Location at = literal ? literal.location() : setting.at;
  finding.evidence.push_back(code_without(facts, at, secret));
  if (at.path != setting.at.path || at.line != setting.at.line) {
    finding.evidence.push_back(code_without(facts, setting.at, secret, "SECRET_KEY is set here"));
  }
  return finding;
}

std::vector<grading::Finding> run(const Facts& facts) {
  const auto* settings = facts.project.main_settings();
  if (settings == nullptr) return {not_applicable("No settings module was found.")};
  const auto* key = settings->find("SECRET_KEY");
  if (key == nullptr) {
    return {unclear("SECRET_KEY is not set where it can be read in " + settings->path + ".")};
  }
  switch (key->origin) {
    case Origin::constant:
      return {in_code(facts, *key,
                      "SECRET_KEY is written in the code: anybody who can read the "
                      "repository has it.",
                      grading::Severity::high)};
    case Origin::environment_with_default:
      return {in_code(facts, *key,
                      "SECRET_KEY comes from the environment, but where it is not set there the "
                      "application starts all the same, with a key that everybody can read here.",
                      grading::Severity::medium)};
    case Origin::environment:
    case Origin::file:
    case Origin::generated:
      return {met("SECRET_KEY is not in the repository: it comes from outside the code.",
                  {code(facts, key->at)})};
    case Origin::computed:
      break;
  }
  return {unclear("Where SECRET_KEY comes from could not be followed.",
                  {code_without(facts, key->at, {})})};
}

}  // namespace

extern constinit const Check secret_key_literal{
    .title = "The secret key of Django is in the repository",
    .why =
        "Whoever knows SECRET_KEY can forge sign-in sessions and password reset links. A key "
        "that was committed once is known to everybody who ever had the repository.",
    .fix =
        "Read it from the environment without a default, so that the application refuses to "
        "start without one: SECRET_KEY = os.environ[\"SECRET_KEY\"]. See "
        "https://docs.djangoproject.com/en/stable/howto/deployment/checklist/#secret-key",
    .reference = "CWE-321",
    .severity = grading::Severity::high,
    .run = run,
};

}  // namespace grader::checks::settings
