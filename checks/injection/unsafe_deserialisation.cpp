#include "checks/code_search.hpp"

namespace grader::checks::injection {
namespace {

std::vector<grading::Finding> run(const Facts& facts) {
  std::vector<grading::Finding> findings;
  for (const auto& hazard : facts.project.hazards) {
    if (hazard.what != "unsafe_load") continue;
    auto finding =
        violated(facts, hazard.at, "What a person sent is loaded by something that can run code.",
                 grading::Severity::critical);
    for (auto& step : trace(facts, hazard.trace)) finding.evidence.push_back(std::move(step));
    findings.push_back(std::move(finding));
  }
  return or_met(std::move(findings), "No such place was found.");
}

}  // namespace

extern constinit const Check unsafe_deserialisation{
    .title = "Foreign data is loaded with pickle or its like",
    .why =
        "Such data can name any code to run while it is loaded, so a chosen file takes over the "
        "server.",
    .fix = "Exchange JSON, or yaml.safe_load(). See https://docs.python.org/3/library/pickle.html",
    .reference = "CWE-502",
    .severity = grading::Severity::critical,
    .run = run,
};

}  // namespace grader::checks::injection
