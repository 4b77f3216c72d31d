#include "checks/findings.hpp"
#include "checks/history_notes.hpp"

namespace grader::checks::history {
namespace {

std::vector<grading::Finding> run(const Facts& facts) {
  if (facts.history.commits.empty()) return {not_applicable("There is no history.")};
  const auto signs = template_signs(facts);
  if (!is_template_start(signs)) return {met("Nothing hints at code from before the history.")};
  std::string message = "What the history begins with was there before it: ";
  std::vector<grading::Evidence> evidence;
  for (const auto& sign : signs) {
    message += (evidence.empty() ? "" : "; ") + sign.what;
    if (!sign.at.path.empty()) {
      evidence.push_back(code(facts, sign.at));
    } else {
      grading::Evidence commit;
      commit.kind = grading::Evidence::Kind::commit;
      commit.commit = sign.commit;
      evidence.push_back(std::move(commit));
    }
  }
  auto finding = absent(message + ".", grading::Severity::info);
  finding.evidence = std::move(evidence);
  return {std::move(finding)};
}

}  // namespace

extern constinit const Check template_start{
    .title = "The work began from something that was there before",
    .why =
        "A template, a tutorial or an earlier project is a good start, and no secret: a reader has "
        "to know which part is the candidate's own.",
    .fix =
        "Name it in the README, and commit it as it was before the first change of your own. See "
        "https://docs.github.com/repositories/creating-and-managing-repositories",
    .reference = "",
    .severity = grading::Severity::info,
    .run = run,
};

}  // namespace grader::checks::history
