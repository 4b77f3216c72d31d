#include "checks/findings.hpp"

namespace grader::checks::views {
namespace {

std::vector<grading::Finding> run(const Facts& facts) {
  std::vector<grading::Finding> findings;
  for (const auto& query : facts.project.repeated_queries) {
    auto finding =
        violated(facts, query.at, "A query is made again for each row.", grading::Severity::low);
    for (auto& step : trace(facts, query.trace)) finding.evidence.push_back(std::move(step));
    findings.push_back(std::move(finding));
  }
  if (findings.empty()) {
    findings.push_back(not_looked_at("Queries in loops were not looked for by reading alone."));
  }
  return findings;
}

}  // namespace

extern constinit const Check n_plus_one{
    .title = "Queries grow with the rows",
    .why = "A page with a hundred entries asks the database a hundred times.",
    .fix =
        "Fetch related rows with select_related() or prefetch_related(). See "
        "https://docs.djangoproject.com/en/stable/ref/models/querysets/#select-related",
    .reference = "",
    .severity = grading::Severity::low,
    .run = run,
};

}  // namespace grader::checks::views
