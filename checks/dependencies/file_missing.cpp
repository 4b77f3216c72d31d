#include "checks/findings.hpp"

namespace grader::checks::dependencies {
namespace {

std::vector<grading::Finding> run(const Facts& facts) {
  const auto& dependencies = facts.project.dependencies;
  if (!dependencies.file.empty()) {
    return {met("What has to be installed is listed in " + dependencies.file + ".",
                {code(facts, {dependencies.file, 1, 0, 5})})};
  }
  if (facts.project.program.modules().empty()) {
    return {not_applicable("There is no Python code that could need packages.")};
  }
  return {
      absent("No file says what has to be installed: no requirements.txt, Pipfile, "
             "pyproject.toml, setup.py or environment.yml.",
             grading::Severity::medium)};
}

}  // namespace

extern constinit const Check file_missing{
    .title = "Nothing says which packages to install",
    .why =
        "The application cannot be started without guessing its packages and their versions, "
        "and what is guessed may differ from what its author ran.",
    .fix =
        "Write a requirements.txt with the packages you use and their versions: pip freeze > "
        "requirements.txt. See https://pip.pypa.io/en/stable/user_guide/#requirements-files",
    .reference = "https://12factor.net/dependencies",
    .severity = grading::Severity::medium,
    .run = run,
};

}  // namespace grader::checks::dependencies
