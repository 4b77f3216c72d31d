#include "checks/code_search.hpp"

namespace grader::checks::settings {
namespace {

std::vector<grading::Finding> run(const Facts& facts) {
  const auto* settings = facts.project.main_settings();
  if (settings == nullptr) return {not_applicable("No settings module was found.")};
  const auto* setting = settings->find("SESSION_COOKIE_HTTPONLY");
  if (setting != nullptr && setting->origin == project::Origin::constant &&
      setting->value.is_false()) {
    return {violated(facts, setting->at, "Scripts may read the session cookie.",
                     grading::Severity::medium)};
  }
  return {met("Scripts cannot read the session cookie.")};
}

}  // namespace

extern constinit const Check session_cookie_readable{
    .title = "Scripts can read the session cookie",
    .why = "One line of foreign script takes over the session of whoever looks at the page.",
    .fix =
        "Leave SESSION_COOKIE_HTTPONLY at its default, True. See "
        "https://docs.djangoproject.com/en/stable/ref/settings/#session-cookie-httponly",
    .reference = "CWE-1004",
    .severity = grading::Severity::medium,
    .run = run,
};

}  // namespace grader::checks::settings
