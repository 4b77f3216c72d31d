#include "checks/findings.hpp"
#include "checks/proof.hpp"

namespace grader::checks::injection {
namespace {

/// What to do at this kind of place, in a few words.
std::string_view advice(std::string_view what) {
  if (what == "innerHTML") return "Set textContent, or build elements.";
  if (what == "unquoted_attribute") return "Put quotes around the value.";
  if (what == "script_url") return "Let a URLField check the scheme wherever it is saved.";
  if (what == "event_handler" || what == "script_data") {
    return "Hand the value over in a data- attribute or by json_script.";
  }
  return "Let the template escape it.";
}

std::vector<grading::Finding> run(const Facts& facts) {
  std::vector<grading::Finding> findings;
  for (const auto& hazard : facts.project.hazards) {
    if (!hazard.is_markup()) continue;
    std::string message = "Text that a person chose becomes markup or code of a page";
    if (!hazard.trace.empty()) message += ": " + hazard.trace.back().text;
    auto finding = violated(facts, hazard.at, message + ". " + std::string(advice(hazard.what)),
                            grading::Severity::medium);
    if (hazard.trace.size() > 1) {
      for (auto& step : trace(facts, hazard.trace)) finding.evidence.push_back(std::move(step));
    }
    findings.push_back(std::move(finding));
  }
  add_proven(facts, {"markup_stored", "markup_reflected"}, grading::Severity::medium, findings);
  if (findings.empty()) findings.push_back(met("No text reaches a page unescaped."));
  return findings;
}

}  // namespace

extern constinit const Check markup_marked_safe{
    .title = "Text can become markup or script of a page",
    .why =
        "Text that somebody typed can become part of the page and act in the name of whoever looks "
        "at it.",
    .fix =
        "Let templates escape, and use format_html() where markup is needed. See "
        "https://docs.djangoproject.com/en/stable/ref/utils/#django.utils.html.format_html",
    .reference = "CWE-79",
    .severity = grading::Severity::medium,
    .run = run,
};

}  // namespace grader::checks::injection
