#include "checks/findings.hpp"

namespace grader::checks::dependencies {
namespace {

std::vector<grading::Finding> run(const Facts& facts) {
  const auto& dependencies = facts.project.dependencies;
  if (dependencies.file.empty()) return {not_applicable("No file lists requirements.")};
  std::vector<grading::Finding> findings;
  for (const auto& package : dependencies.missing_packages) {
    findings.push_back(violated(facts, package.at,
                                package.module + " is used here, and no line of " +
                                    dependencies.file + " installs it (" + package.distribution +
                                    ").",
                                grading::Severity::medium));
  }
  return findings;
}

}  // namespace

extern constinit const Check package_missing{
    .title = "A package is used that the requirements do not name",
    .why = "Whoever follows the set-up instructions meets an error in place of the application.",
    .fix =
        "Add the package with its version to the file of requirements, then try the set-up in a "
        "fresh virtual environment. See https://docs.python.org/3/library/venv.html",
    .reference = "https://12factor.net/dependencies",
    .severity = grading::Severity::medium,
    .run = run,
};

}  // namespace grader::checks::dependencies
