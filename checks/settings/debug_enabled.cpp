#include <algorithm>

#include "checks/findings.hpp"

namespace grader::checks::settings {
namespace {

/// DEBUG = env("DEBUG") or bool(os.environ.get("DEBUG")): a text, and every text but "" is true.
bool is_raw_text(const Facts& facts, const project::Setting& debug) {
  python::Node value = python::unwrapped(debug.node);
  const bool wrapped = python::dotted(python::callee(value)) == "bool";
  if (wrapped) value = python::unwrapped(python::positional(value, 0));
  if (!value.is(python::Kind::call) && !value.is(python::Kind::subscript)) return false;
  // bool(…) is a cast like those of the settings libraries, which read "False" as it is meant.
  const bool of_os = value.text().find("environ") != std::string_view::npos ||
                     value.text().find("getenv") != std::string_view::npos;
  if (wrapped && !of_os) return false;
  const Location at = value.location();
  return std::ranges::any_of(facts.project.environment, [&](const auto& read) {
    return read.setting == "DEBUG" && (wrapped || read.cast.empty()) && read.at.path == at.path &&
           read.at.line == at.line && read.at.column == at.column;
  });
}

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
  if (is_raw_text(facts, *debug)) {
    return {violated(facts, debug->at,
                     "DEBUG is the text of a variable, and every text but the empty one counts as "
                     "true: DEBUG=False switches it on.",
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
