#include "checks/findings.hpp"
#include "checks/proof.hpp"

namespace grader::checks::injection {
namespace {

std::vector<grading::Finding> run(const Facts& facts) {
  std::vector<grading::Finding> findings;
  for (const auto& hazard : facts.project.hazards) {
    if (hazard.what != "sql") continue;
    findings.push_back(violated(
        facts, hazard.at, "A query is put together from values instead of passing them beside it.",
        grading::Severity::high));
  }
  add_proven(facts, {"sql_error", "sql_widened"}, grading::Severity::high, findings);
  if (findings.empty()) findings.push_back(met("No query is put together from strings."));
  return findings;
}

}  // namespace

extern constinit const Check string_built_sql{
    .title = "SQL is built from strings",
    .why =
        "A value that a visitor chooses can become part of the query and read or destroy the whole "
        "database.",
    .fix =
        "Use the ORM, or pass values beside the query: cursor.execute(sql, [value]). See "
        "https://docs.djangoproject.com/en/stable/topics/security/#sql-injection-protection",
    .reference = "CWE-89",
    .severity = grading::Severity::high,
    .run = run,
};

}  // namespace grader::checks::injection
