#include "checks/findings.hpp"

namespace grader::checks::docs {
namespace {

std::vector<grading::Finding> run(const Facts& facts) {
  const auto& readme = facts.project.readme;
  if (!readme.limitations) {
    return {absent(readme.path.empty()
                       ? "There is no README that could say it."
                       : readme.path + " names nothing that the application cannot do.",
                   grading::Severity::low)};
  }
  return {met("The README names limits of the application.", {code(facts, readme.limitations_at)})};
}

}  // namespace

extern constinit const Check limitations_missing{
    .title = "The README names no limits",
    .why =
        "Knowing what is missing shows judgement, and saves the next person from finding it in "
        "production.",
    .fix =
        "Add a section on known limitations: what is not protected against, what is not finished, "
        "what production would need besides. See "
        "https://docs.djangoproject.com/en/stable/howto/deployment/checklist/",
    .reference = "",
    .severity = grading::Severity::low,
    .run = run,
};

}  // namespace grader::checks::docs
