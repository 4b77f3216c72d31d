#include <nlohmann/json.hpp>

#include "grader/report/formats.hpp"
#include "grader/report/json_values.hpp"
#include "grader/report/seals.hpp"
#include "grader/report/words.hpp"

namespace grader::report {
namespace {

using json::Json;

constexpr std::string_view schema = "grader-report/1";

Json submission_json(const SubmissionInfo& submission) {
  return {{"source", submission.source},
          {"commit", submission.commit},
          {"ref", submission.ref},
          {"warnings", json::strings(submission.warnings)}};
}

Json rubric_json(const grading::Grade& grade) {
  Json bands = Json::array();
  for (const auto& band : grade.bands) {
    bands.push_back({{"id", band.id}, {"title", band.title}, {"from", json::number(band.from)}});
  }
  return {{"id", grade.rubric_id},
          {"version", grade.rubric_version},
          {"digest", grade.rubric_digest},
          {"bands", std::move(bands)}};
}

Json history_json(const Report& report) {
  Json commits = Json::array();
  for (const auto& commit : commit_facts(report)) {
    commits.push_back({{"commit", commit.id},
                       {"time", timestamp(commit.time)},
                       {"subject", commit.subject},
                       {"files", commit.files},
                       {"added", commit.added},
                       {"removed", commit.removed},
                       {"merge", commit.merge}});
  }
  Json result = {{"commits", std::move(commits)}};
  if (!report.history_gap.empty()) result["gap"] = report.history_gap;
  return result;
}

Json overrides_json(const Report& report) {
  Json result = Json::array();
  for (const auto& one : report.overrides) {
    result.push_back({{"criterion", one.criterion},
                      {"points", grading::to_string(one.points, 6)},
                      {"by", one.by},
                      {"why", one.why}});
  }
  return result;
}

Json inputs_json(const Report& report) {
  Json result = {{"as_of", timestamp(report.as_of)}};
  for (const auto& [name, value] : report.inputs) result[name] = value;
  return result;
}

}  // namespace

std::string to_json(const Report& report) {
  Json findings = Json::array();
  for (const auto& finding : report.findings) findings.push_back(json::finding(finding));
  Json document = {{"schema", schema},
                   {"grader", {{"name", "grader"}, {"version", GRADER_VERSION}}},
                   {"submission", submission_json(report.submission)},
                   {"rubric", rubric_json(report.grade)},
                   {"score", json::score(report.grade)},
                   {"gates", json::gates(report.grade)},
                   {"sections", json::sections(report.grade)},
                   {"profile", json::profile(report.profile)},
                   {"findings", std::move(findings)},
                   {"rules", json::rules(report.rules)}};
  document["lint"] = report.lint ? json::lint(*report.lint) : Json(nullptr);
  document["rehearsal"] = report.rehearsal ? json::rehearsal(*report.rehearsal) : Json(nullptr);
  if (!report.disagreements.empty())
    document["disagreements"] = json::strings(report.disagreements);
  document["dossier"] = json::dossier(report.dossier);
  document["history"] = history_json(report);
  document["inputs"] = inputs_json(report);
  if (!report.overrides.empty()) document["overrides"] = overrides_json(report);
  document["language"] = report.language;
  if (report.anonymous) document["anonymous"] = true;
  document["keep_until"] = keep_until(report);
  document["timing"] = json::timing(report);
  return sealed(json::dump(document));
}

}  // namespace grader::report
