#include "checks/code_search.hpp"

namespace grader::checks::settings {
namespace {

std::vector<grading::Finding> run(const Facts& facts) {
  const auto* settings = facts.project.main_settings();
  if (settings == nullptr) return {not_applicable("No settings module was found.")};
  for (const auto* name : {"CORS_ALLOW_ALL_ORIGINS", "CORS_ORIGIN_ALLOW_ALL"}) {
    const auto* setting = settings->find(name);
    if (setting == nullptr || setting->origin != project::Origin::constant) continue;
    if (!setting->value.is_true()) continue;
    const auto* credentials = settings->find("CORS_ALLOW_CREDENTIALS");
    const bool with = credentials != nullptr && credentials->value.is_true();
    return {violated(facts, setting->at,
                     with ? "Any site may read answers in the name of the visitor."
                          : "Any site may read the answers of the API.",
                     with ? grading::Severity::high : grading::Severity::low)};
  }
  return {met("Foreign sites were not seen to be let in.")};
}

}  // namespace

extern constinit const Check cors_open{
    .title = "Any other site may call the API",
    .why =
        "A page elsewhere can read what the API answers, with the visitor's cookies even their "
        "entries.",
    .fix =
        "Name the sites in CORS_ALLOWED_ORIGINS. See "
        "https://github.com/adamchainz/django-cors-headers#configuration",
    .reference = "CWE-942",
    .severity = grading::Severity::low,
    .run = run,
};

}  // namespace grader::checks::settings
