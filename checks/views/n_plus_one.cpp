#include "checks/findings.hpp"

namespace grader::checks::views {
namespace {

std::vector<grading::Finding> run(const Facts& facts) {
  std::vector<grading::Finding> findings;
  for (const auto& query : facts.project.repeated_queries) {
    std::string message = "The database is asked again for each row";
    if (!query.trace.empty()) message += ": " + query.trace.back().text;
    auto finding = violated(facts, query.at, message + ".", grading::Severity::low);
    for (auto& step : trace(facts, query.trace)) finding.evidence.push_back(std::move(step));
    findings.push_back(std::move(finding));
  }
  if (findings.empty()) {
    findings.push_back(met("No query was seen that is made again for each row."));
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
