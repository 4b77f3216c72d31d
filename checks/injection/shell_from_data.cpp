#include "checks/code_search.hpp"

namespace grader::checks::injection {
namespace {

std::vector<grading::Finding> run(const Facts& facts) {
  std::vector<grading::Finding> findings;
  for (const auto& hazard : facts.project.hazards) {
    if (hazard.what != "shell") continue;
    auto finding =
        violated(facts, hazard.at, "A command line is put together from what a person sent.",
                 grading::Severity::critical);
    for (auto& step : trace(facts, hazard.trace)) finding.evidence.push_back(std::move(step));
    findings.push_back(std::move(finding));
  }
  return or_met(std::move(findings), "No such place was found.");
}

}  // namespace

extern constinit const Check shell_from_data{
    .title = "Data becomes part of a shell command",
    .why = "A semicolon in a form field is enough to run any other command on the server.",
    .fix =
        "Call the program with a list of words and without shell=True: subprocess.run([name, "
        "value]). See https://docs.python.org/3/library/subprocess.html#security-considerations",
    .reference = "CWE-78",
    .severity = grading::Severity::critical,
    .run = run,
};

}  // namespace grader::checks::injection
