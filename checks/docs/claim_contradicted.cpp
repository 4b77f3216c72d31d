#include "checks/findings.hpp"

namespace grader::checks::docs {
namespace {

std::vector<grading::Finding> run(const Facts& facts) {
  if (facts.project.readme.path.empty()) return {not_applicable("There is no README.")};
  std::vector<grading::Finding> findings;
  for (const auto& one : facts.project.contradictions) {
    auto finding =
        violated(facts, one.at, "The README says that " + one.claim + "; " + one.finds + ".",
                 grading::Severity::low);
    if (one.found_at.line > 0) {
      finding.evidence.push_back(code(facts, one.found_at, "what the code does"));
    }
    findings.push_back(std::move(finding));
  }
  return findings;
}

}  // namespace

extern constinit const Check claim_contradicted{
    .title = "The README says what the code contradicts",
    .why =
        "Who reads only the README believes it: it follows instructions that do not work, or "
        "trusts a protection that is not there.",
    .fix =
        "Follow the README once on a clean machine, and write down what the code does today; what "
        "is planned belongs under a heading that says so. See "
        "https://www.writethedocs.org/guide/writing/beginners-guide-to-docs/",
    .reference = "",
    .severity = grading::Severity::low,
    .run = run,
};

}  // namespace grader::checks::docs
