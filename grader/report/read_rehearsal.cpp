#include <algorithm>
#include <nlohmann/json.hpp>

#include "grader/report/read_values.hpp"

namespace grader::report::json {
namespace {

using sandbox::RungCause;
using sandbox::RungStatus;
using sandbox::TestCase;

RungStatus rung_status(const std::string& name) {
  if (name == "passed") return RungStatus::passed;
  return name == "failed" ? RungStatus::failed : RungStatus::undetermined;
}

RungCause rung_cause(const std::string& name) {
  if (name == "grader") return RungCause::grader;
  return name == "submission" ? RungCause::submission : RungCause::none;
}

TestCase::Status test_status(const std::string& name) {
  if (name == "passed") return TestCase::Status::passed;
  if (name == "failed") return TestCase::Status::failed;
  return name == "skipped" ? TestCase::Status::skipped : TestCase::Status::error;
}

sandbox::Rung read_rung(const Json& item) {
  sandbox::Rung rung;
  rung.name = text_at(item, "name");
  rung.status = rung_status(text_at(item, "status"));
  rung.cause = rung_cause(text_at(item, "cause"));
  rung.reason = text_at(item, "reason");
  rung.output = text_at(item, "output");
  rung.repairs = strings_at(item, "repairs");
  return rung;
}

sandbox::TestRun read_tests(const Json& value) {
  sandbox::TestRun run;
  run.runner = text_at(value, "runner");
  run.exit_code = number_at(value, "exit_code");
  run.trusted = flag_at(value, "trusted");
  run.doubt = text_at(value, "doubt");
  for (const auto* item : elements(member(value, "cases"))) {
    auto& test = run.cases.emplace_back();
    test.id = text_at(*item, "id");
    test.status = test_status(text_at(*item, "status"));
    test.message = text_at(*item, "message");
  }
  for (const auto* item : elements(member(value, "coverage"))) {
    run.coverage.push_back(
        {text_at(*item, "path"), number_at(*item, "statements"), number_at(*item, "covered")});
  }
  return run;
}

std::chrono::milliseconds milliseconds_at(const Json& map) {
  return std::chrono::milliseconds(number_at(map, "milliseconds"));
}

void read_durations(const Json& value, sandbox::Rehearsal& rehearsal) {
  const auto rungs = elements(member(value, "rungs"));
  for (std::size_t i = 0; i < std::min(rungs.size(), rehearsal.ladder.size()); ++i) {
    rehearsal.ladder[i].duration = milliseconds_at(*rungs[i]);
  }
  if (rehearsal.probe) {
    rehearsal.probe->duration = milliseconds_at(member(value, "probe"));
    rehearsal.probe->requests = number_at(member(value, "probe"), "requests");
  }
  if (!rehearsal.tests) return;
  const auto tests = elements(member(value, "tests"));
  for (std::size_t i = 0; i < std::min(tests.size(), rehearsal.tests->cases.size()); ++i) {
    rehearsal.tests->cases[i].duration = milliseconds_at(*tests[i]);
  }
}

}  // namespace

sandbox::Rehearsal read_rehearsal(const Json& value) {
  sandbox::Rehearsal result;
  for (const auto* item : elements(member(value, "ladder"))) {
    if (auto rung = read_rung(*item); !rung.name.empty()) result.ladder.push_back(std::move(rung));
  }
  for (const auto* item : elements(member(value, "repairs"))) {
    result.repairs.push_back(
        {text_at(*item, "name"), text_at(*item, "detail"), place_at(*item, "at")});
  }
  for (const auto* item : elements(member(value, "routes"))) {
    result.routes.push_back({text_at(*item, "path"), number_at(*item, "status"),
                             flag_at(*item, "signed_in"), text_at(*item, "error"),
                             place_at(*item, "at")});
  }
  if (const Json& tests = member(value, "tests"); tests.is_object()) {
    result.tests = read_tests(tests);
  }
  if (const Json& probe = member(value, "probe"); probe.is_object()) {
    result.probe = read_probe(probe);
  }
  result.interpreter = text_at(value, "interpreter");
  result.distributions = strings_at(value, "distributions");
  result.root_file_system = text_at(value, "root_file_system");
  result.problem = text_at(value, "problem");
  return result;
}

sandbox::LintReport read_lint(const Json& value) {
  sandbox::LintReport lint;
  lint.tools = strings_at(value, "tools");
  lint.files = number_at(value, "files");
  lint.lines = number_at(value, "lines");
  lint.problem = text_at(value, "problem");
  constexpr int most_remarks = 20'000;
  for (const auto* item : elements(member(value, "codes"))) {
    const int count = std::min(number_at(*item, "count"), most_remarks);
    if (lint.remarks.size() > most_remarks) break;
    lint.remarks.insert(lint.remarks.end(), static_cast<std::size_t>(count),
                        {text_at(*item, "tool"), text_at(*item, "code"), {}, {}});
  }
  return lint;
}

void read_timing(const Json& value, Report& report) {
  for (const auto* item : elements(member(value, "stages"))) {
    const Json& seconds = member(*item, "seconds");
    report.timing.emplace_back(text_at(*item, "stage"),
                               seconds.is_number() ? seconds.get<double>() : 0.0);
  }
  if (report.rehearsal) read_durations(value, *report.rehearsal);
}

}  // namespace grader::report::json
