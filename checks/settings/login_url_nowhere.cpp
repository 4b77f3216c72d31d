#include <algorithm>

#include "checks/code_search.hpp"

namespace grader::checks::settings {
namespace {

std::vector<grading::Finding> run(const Facts& facts) {
  const auto* settings = facts.project.main_settings();
  if (settings == nullptr) return {not_applicable("No settings module was found.")};
  if (!facts.project.views.gaps.empty() || facts.project.views.routes.empty()) {
    return {not_applicable("Not all addresses could be followed.")};
  }
  const auto* setting = settings->find("LOGIN_URL");
  if (setting == nullptr || !setting->known() || !setting->value.is_string()) {
    return {met("LOGIN_URL is not fixed to an address.")};
  }
  std::string target = setting->value.text;
  // Names with a namespace may come from elsewhere; so may whole addresses.
  if (target.find(':') != std::string::npos) return {met("LOGIN_URL leads outside.")};
  const bool by_name = target.find('/') == std::string::npos;
  while (!target.empty() && target.front() == '/') target.erase(0, 1);
  const bool found = std::ranges::any_of(facts.project.views.routes, [&](const auto& route) {
    if (by_name) return route.name == target || route.name.ends_with(":" + target);
    return route.pattern == target || route.pattern + "/" == target ||
           route.pattern == target + "/" || route.pattern.find('(') != std::string::npos;
  });
  const bool packaged = std::ranges::any_of(facts.project.views.routes,
                                            [](const auto& route) { return route.view < 0; });
  if (found || packaged || !facts.project.views.packages.empty())
    return {met("LOGIN_URL leads to a route.")};
  return {violated(facts, setting->at, "No route answers to LOGIN_URL " + setting->value.text + ".",
                   grading::Severity::low)};
}

}  // namespace

extern constinit const Check login_url_nowhere{
    .title = "Visitors who are not signed in are sent to a page that is not there",
    .why =
        "Whoever opens a protected page without a session gets an error in place of the sign-in "
        "form.",
    .fix =
        "Set LOGIN_URL to the name of the sign-in route. See "
        "https://docs.djangoproject.com/en/stable/ref/settings/#login-url",
    .reference = "",
    .severity = grading::Severity::low,
    .run = run,
};

}  // namespace grader::checks::settings
