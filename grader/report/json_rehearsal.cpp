#include <nlohmann/json.hpp>

#include "grader/report/json_values.hpp"

namespace grader::report::json {
namespace {

std::string_view name(sandbox::RungStatus status) {
  switch (status) {
    case sandbox::RungStatus::passed:
      return "passed";
    case sandbox::RungStatus::failed:
      return "failed";
    case sandbox::RungStatus::undetermined:
      return "undetermined";
  }
  return "undetermined";
}

std::string_view name(sandbox::RungCause cause) {
  switch (cause) {
    case sandbox::RungCause::none:
      return "none";
    case sandbox::RungCause::grader:
      return "grader";
    case sandbox::RungCause::submission:
      return "submission";
  }
  return "none";
}

std::string_view name(sandbox::TestCase::Status status) {
  switch (status) {
    case sandbox::TestCase::Status::passed:
      return "passed";
    case sandbox::TestCase::Status::failed:
      return "failed";
    case sandbox::TestCase::Status::error:
      return "error";
    case sandbox::TestCase::Status::skipped:
      return "skipped";
  }
  return "error";
}

Json rung(const sandbox::Rung& rung) {
  return {{"name", rung.name},         {"status", name(rung.status)},
          {"cause", name(rung.cause)}, {"reason", rung.reason},
          {"output", rung.output},     {"repairs", strings(rung.repairs)}};
}

Json repair(const sandbox::Repair& repair) {
  Json result = {{"name", repair.name}, {"detail", repair.detail}};
  if (!repair.at.path.empty()) result["at"] = place(repair.at);
  return result;
}

Json routes(const std::vector<sandbox::RouteAnswer>& answers) {
  Json result = Json::array();
  for (const auto& answer : answers) {
    Json entry = {
        {"path", answer.path}, {"status", answer.status}, {"signed_in", answer.signed_in}};
    if (!answer.error.empty()) entry["error"] = answer.error;
    if (answer.offline) entry["offline"] = true;
    if (!answer.at.path.empty()) entry["at"] = place(answer.at);
    result.push_back(std::move(entry));
  }
  return result;
}

Json tests(const sandbox::TestRun& run) {
  Json cases = Json::array();
  for (const auto& test : run.cases) {
    Json entry = {{"id", test.id}, {"status", name(test.status)}};
    if (!test.message.empty()) entry["message"] = test.message;
    cases.push_back(std::move(entry));
  }
  Json coverage = Json::array();
  for (const auto& file : run.coverage) {
    coverage.push_back(
        {{"path", file.path}, {"statements", file.statements}, {"covered", file.covered}});
  }
  Json result = {{"runner", run.runner}, {"exit_code", run.exit_code}, {"trusted", run.trusted}};
  if (!run.doubt.empty()) result["doubt"] = run.doubt;
  result["cases"] = std::move(cases);
  result["coverage"] = std::move(coverage);
  return result;
}

}  // namespace

Json rehearsal(const sandbox::Rehearsal& rehearsal) {
  Json ladder = Json::array();
  for (const auto& item : rehearsal.ladder) ladder.push_back(rung(item));
  Json repairs = Json::array();
  for (const auto& item : rehearsal.repairs) repairs.push_back(repair(item));
  Json result = {{"ladder", std::move(ladder)}, {"repairs", std::move(repairs)}};
  if (!rehearsal.routes.empty()) result["routes"] = routes(rehearsal.routes);
  result["tests"] = rehearsal.tests ? tests(*rehearsal.tests) : Json(nullptr);
  if (rehearsal.probe) result["probe"] = probe(*rehearsal.probe);
  result["interpreter"] = rehearsal.interpreter;
  result["distributions"] = strings(rehearsal.distributions);
  result["root_file_system"] = rehearsal.root_file_system;
  if (!rehearsal.problem.empty()) result["problem"] = rehearsal.problem;
  return result;
}

Json timing(const Report& report) {
  Json stages = Json::array();
  for (const auto& [stage, seconds] : report.timing) {
    stages.push_back({{"stage", stage}, {"seconds", seconds}});
  }
  Json result = {{"stages", std::move(stages)}};
  if (!report.rehearsal) return result;
  result["rungs"] = Json::array();
  for (const auto& item : report.rehearsal->ladder) {
    result["rungs"].push_back({{"name", item.name}, {"milliseconds", item.duration.count()}});
  }
  if (const auto& probe = report.rehearsal->probe)
    result["probe"] = {{"milliseconds", probe->duration.count()}, {"requests", probe->requests}};
  if (!report.rehearsal->tests) return result;
  result["tests"] = Json::array();
  for (const auto& test : report.rehearsal->tests->cases) {
    result["tests"].push_back({{"id", test.id}, {"milliseconds", test.duration.count()}});
  }
  return result;
}

}  // namespace grader::report::json
