#include "checks/code_search.hpp"

namespace grader::checks::injection {
namespace {

std::vector<grading::Finding> run(const Facts& facts) {
  std::vector<grading::Finding> findings;
  for (const auto& hazard : facts.project.hazards) {
    if (hazard.what != "eval") continue;
    auto finding =
        violated(facts, hazard.at, "eval() or exec() runs text that comes from a person.",
                 grading::Severity::critical);
    for (auto& step : trace(facts, hazard.trace)) finding.evidence.push_back(std::move(step));
    findings.push_back(std::move(finding));
  }
  return or_met(std::move(findings), "No such place was found.");
}

}  // namespace

extern constinit const Check code_from_data{
    .title = "Data is run as Python",
    .why =
        "Whoever sends that data decides what the server does: all passwords and the machine are "
        "theirs.",
    .fix =
        "Parse data instead of running it: int(), json.loads(), ast.literal_eval(). See "
        "https://docs.python.org/3/library/ast.html#ast.literal_eval",
    .reference = "CWE-95",
    .severity = grading::Severity::critical,
    .run = run,
};

}  // namespace grader::checks::injection
