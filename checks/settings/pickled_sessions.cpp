#include "checks/code_search.hpp"

namespace grader::checks::settings {
namespace {

std::vector<grading::Finding> run(const Facts& facts) {
  const auto* settings = facts.project.main_settings();
  if (settings == nullptr) return {not_applicable("No settings module was found.")};
  const auto* setting = settings->find("SESSION_SERIALIZER");
  if (setting != nullptr && setting->value.text.find("Pickle") != std::string::npos) {
    return {
        violated(facts, setting->at, "Sessions are stored by pickle.", grading::Severity::medium)};
  }
  return {met("Sessions are not stored by pickle.")};
}

}  // namespace

extern constinit const Check pickled_sessions{
    .title = "Sessions are stored by pickle",
    .why =
        "Whoever can write a session, or knows SECRET_KEY where it is a cookie, runs code on the "
        "server.",
    .fix =
        "Leave SESSION_SERIALIZER at its default, JSON. See "
        "https://docs.djangoproject.com/en/stable/topics/http/sessions/#session-serialization",
    .reference = "CWE-502",
    .severity = grading::Severity::medium,
    .run = run,
};

}  // namespace grader::checks::settings
