#include "checks/code_search.hpp"

namespace grader::checks::settings {
namespace {

std::vector<grading::Finding> run(const Facts& facts) {
  const auto* settings = facts.project.main_settings();
  if (settings == nullptr) return {not_applicable("No settings module was found.")};
  const auto* setting = settings->find("SESSION_COOKIE_SECURE");
  if (setting != nullptr && setting->origin == project::Origin::constant &&
      setting->value.is_false() && settings->role != project::SettingsModule::Role::development) {
    return {violated(facts, setting->at, "The session cookie is sent over plain HTTP as well.",
                     grading::Severity::low)};
  }
  return {met("The session cookie was not seen to be opened to plain HTTP.")};
}

}  // namespace

extern constinit const Check cookie_over_plain_http{
    .title = "The session cookie is sent over plain HTTP",
    .why = "Whoever listens on the network takes over the session.",
    .fix =
        "Set SESSION_COOKIE_SECURE = True where the site is served over HTTPS. See "
        "https://docs.djangoproject.com/en/stable/ref/settings/#session-cookie-secure",
    .reference = "CWE-614",
    .severity = grading::Severity::low,
    .run = run,
};

}  // namespace grader::checks::settings
