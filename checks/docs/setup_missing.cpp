#include "checks/findings.hpp"

namespace grader::checks::docs {
namespace {

std::vector<grading::Finding> run(const Facts& facts) {
  const auto& readme = facts.project.readme;
  if (!readme.setup) {
    return {absent(readme.path.empty()
                       ? "There is no README that could say it."
                       : readme.path + " has no command that installs or starts the application.",
                   grading::Severity::medium)};
  }
  return {met("The README says how the application is set up.", {code(facts, readme.setup_at)})};
}

}  // namespace

extern constinit const Check setup_missing{
    .title = "The README does not say how to start the application",
    .why = "Whoever wants to see it run has to guess the commands, the database and the settings.",
    .fix =
        "Write down the commands from clone to running server (virtual environment, pip install, "
        "environment variables, migrate, runserver) and try them in a fresh folder. See "
        "https://docs.djangoproject.com/en/stable/intro/tutorial01/",
    .reference = "",
    .severity = grading::Severity::medium,
    .run = run,
};

}  // namespace grader::checks::docs
