#include "checks/findings.hpp"

namespace grader::checks::start {
namespace {

std::vector<grading::Finding> run(const Facts& facts) {
  if (facts.rehearsal == nullptr)
    return {not_looked_at("The application was not started in this grading.")};
  const auto* serve = facts.rehearsal->rung("serve");
  if (serve == nullptr || !facts.rehearsal->problem.empty()) {
    return {not_looked_at("The application could not be started by our fault: " +
                          facts.rehearsal->problem)};
  }
  if (serve->status == sandbox::RungStatus::passed)
    return {met("The application starts and answers.")};
  for (const auto& rung : facts.rehearsal->ladder) {
    if (rung.status == sandbox::RungStatus::passed) continue;
    if (rung.cause != sandbox::RungCause::submission) return {not_looked_at(rung.reason)};
    auto finding = absent("It does not start: " + rung.reason, grading::Severity::high);
    grading::Evidence evidence;
    evidence.kind = grading::Evidence::Kind::tool;
    evidence.quote = rung.output;
    evidence.note = "output of the step " + rung.name;
    finding.evidence.push_back(std::move(evidence));
    return {std::move(finding)};
  }
  return {not_looked_at("The application was not reached.")};
}

}  // namespace

extern constinit const Check does_not_start{
    .title = "The application does not start",
    .why = "Nobody can use, test or judge an application that does not start.",
    .fix =
        "Follow your own README on a clean machine: requirements, environment variables, "
        "migrations, runserver. See https://docs.djangoproject.com/en/stable/intro/tutorial01/",
    .reference = "",
    .severity = grading::Severity::high,
    .run = run,
};

}  // namespace grader::checks::start
