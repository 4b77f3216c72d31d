#include "checks/code_search.hpp"

namespace grader::checks::settings {
namespace {

std::vector<grading::Finding> run(const Facts& facts) {
  const auto* settings = facts.project.main_settings();
  if (settings == nullptr) return {not_applicable("No settings module was found.")};
  const auto* setting = settings->find("PASSWORD_HASHERS");
  if (setting != nullptr && !setting->value.items.empty()) {
    const std::string first = setting->value.items.front().text;
    const bool weak = first.find("MD5") != std::string::npos ||
                      first.find("Unsalted") != std::string::npos ||
                      first.find("hashers.SHA1") != std::string::npos;
    if (weak) {
      return {violated(facts, setting->at, "Account passwords are hashed by " + first + ".",
                       grading::Severity::high)};
    }
  }
  return {met("Account passwords are hashed slowly.")};
}

}  // namespace

extern constinit const Check weak_password_hasher{
    .title = "Account passwords are hashed too fast",
    .why = "Fast hashes let whoever has the database try billions of guesses each second.",
    .fix =
        "Leave PASSWORD_HASHERS at its default, or put Argon2 first. See "
        "https://docs.djangoproject.com/en/stable/topics/auth/passwords/",
    .reference = "CWE-916",
    .severity = grading::Severity::high,
    .run = run,
};

}  // namespace grader::checks::settings
