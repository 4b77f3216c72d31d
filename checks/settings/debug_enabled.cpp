#include "checks/findings.hpp"

namespace grader::checks::settings {
namespace {

std::vector<grading::Finding> run(const Facts& facts) {
  const auto* settings = facts.project.main_settings();
  if (settings == nullptr) return {not_applicable("No settings module was found.")};
  const std::string word = debug_word(*settings);
  const auto* debug = settings->find("DEBUG");
  if (debug == nullptr) return {met("DEBUG is not set, so Django keeps it off.")};
  if (word == "true_constant") {
    return {violated(facts, debug->at,
                     "DEBUG is on in the settings that are used, with no way to switch it off from "
                     "outside the code.",
                     grading::Severity::medium)};
  }
  if (word == "env_default_true") {
    return {violated(facts, debug->at,
                     "DEBUG is on wherever the environment does not say otherwise: one forgotten "
                     "variable switches it on in production.",
                     grading::Severity::low)};
  }
  if (word.empty()) {
    return {unclear("Whether DEBUG is on could not be followed.", {code(facts, debug->at)})};
  }
  return {met("DEBUG is off unless somebody switches it on.", {code(facts, debug->at)})};
}

}  // namespace

extern constinit const Check debug_enabled{
    .title = "Debug mode is on",
    .why =
        "With DEBUG on, every error page shows strangers source code, settings and the data of "
        "the request, and Django answers to any host of this machine.",
    .fix =
        "Let the environment switch it on, off by default: DEBUG = os.environ.get(\"DEBUG\") == "
        "\"1\". See https://docs.djangoproject.com/en/stable/howto/deployment/checklist/#debug",
    .reference = "CWE-489",
    .severity = grading::Severity::medium,
    .run = run,
};

}  // namespace grader::checks::settings
