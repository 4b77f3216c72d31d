#include "checks/findings.hpp"

namespace grader::checks::injection {
namespace {

std::vector<grading::Finding> run(const Facts& facts) {
  std::vector<grading::Finding> findings;
  for (const auto& hazard : facts.project.hazards) {
    if (hazard.what != "markup_safe" && hazard.what != "innerHTML") continue;
    findings.push_back(violated(facts, hazard.at,
                                "Escaping is switched off for a value that is not constant.",
                                grading::Severity::medium));
  }
  if (findings.empty()) findings.push_back(met("Escaping is not switched off anywhere."));
  return findings;
}

}  // namespace

extern constinit const Check markup_marked_safe{
    .title = "Text is marked as safe markup",
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
