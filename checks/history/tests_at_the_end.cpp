#include "checks/findings.hpp"
#include "checks/history_notes.hpp"

namespace grader::checks::history {
namespace {

constexpr int late = 90;
constexpr std::size_t fewest_commits = 5;

std::vector<grading::Finding> run(const Facts& facts) {
  const Arrival tests = tests_arrival(facts.history);
  if (!tests.present()) return {not_applicable("No tests were committed.")};
  if (facts.history.commits.size() < fewest_commits) {
    return {not_applicable("There are too few commits to tell when tests were written.")};
  }
  if (tests.code_percent < late) return {met("Tests were written along with the code.")};
  auto finding = absent("The first tests came when " + std::to_string(tests.code_percent) +
                            " % of the code was there.",
                        grading::Severity::info);
  grading::Evidence evidence;
  evidence.kind = grading::Evidence::Kind::commit;
  evidence.commit = tests.commit;
  evidence.note = "the first tests";
  finding.evidence.push_back(std::move(evidence));
  return {std::move(finding)};
}

}  // namespace

extern constinit const Check tests_at_the_end{
    .title = "Tests came when the code was finished",
    .why = "Tests that are written with the code shape it; at the end they describe what is there.",
    .fix =
        "Write the test with the function, and commit both together. See "
        "https://docs.djangoproject.com/en/stable/intro/tutorial05/",
    .reference = "",
    .severity = grading::Severity::info,
    .run = run,
};

}  // namespace grader::checks::history
