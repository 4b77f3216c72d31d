#include "checks/code_search.hpp"

namespace grader::checks::settings {
namespace {

std::vector<grading::Finding> run(const Facts& facts) {
  const auto* settings = facts.project.main_settings();
  if (settings == nullptr) return {not_applicable("No settings module was found.")};
  const auto* setting = settings->find("AUTH_PASSWORD_VALIDATORS");
  const bool empty = setting != nullptr && setting->origin == project::Origin::constant &&
                     setting->value.type == python::Value::Type::list &&
                     setting->value.items.empty() && !setting->value.partial;
  if (setting == nullptr && settings->gaps.empty()) {
    auto finding =
        absent("AUTH_PASSWORD_VALIDATORS is not set: \"1\" is a password.", grading::Severity::low);
    finding.evidence.push_back(code(facts, {settings->path, 1, 0, 0}));
    return {finding};
  }
  if (empty) {
    return {violated(facts, setting->at, "No rule for account passwords: \"1\" is one.",
                     grading::Severity::low)};
  }
  return {met("Account passwords have rules.")};
}

}  // namespace

extern constinit const Check password_validators_missing{
    .title = "Account passwords have no rules",
    .why = "A guessed account password opens everything that the account keeps.",
    .fix =
        "List the validators of django.contrib.auth.password_validation. See "
        "https://docs.djangoproject.com/en/stable/topics/auth/passwords/#password-validation",
    .reference = "CWE-521",
    .severity = grading::Severity::low,
    .run = run,
};

}  // namespace grader::checks::settings
