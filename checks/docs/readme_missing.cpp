#include "checks/findings.hpp"

namespace grader::checks::docs {
namespace {

std::vector<grading::Finding> run(const Facts& facts) {
  const auto& readme = facts.project.readme;
  if (readme.path.empty()) {
    return {absent("There is no README, neither at the top nor beside manage.py, or it is empty.",
                   grading::Severity::medium)};
  }
  return {met("The README is " + readme.path + ".", {code(facts, {readme.path, 1, 0, 3})})};
}

}  // namespace

extern constinit const Check readme_missing{
    .title = "There is no README",
    .why =
        "Nobody can tell what the application does, how to start it, or what its author knows "
        "to be missing, without reading all of its code.",
    .fix =
        "Write a README.md at the top: what it is, the commands that set it up and start it, "
        "how passwords are encrypted, and what its limits are.",
    .reference =
        "https://docs.github.com/en/repositories/managing-your-repositorys-settings-and-"
        "features/customizing-your-repository/about-readmes",
    .severity = grading::Severity::medium,
    .run = run,
};

}  // namespace grader::checks::docs
