#include "sandbox/rehearsal/test_records.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "grader/base/text.hpp"

namespace grader::sandbox {

namespace {

constexpr std::int64_t day = 86'400'000;

std::optional<TestCase::Status> status_of(std::string_view text) {
  if (text == "passed") return TestCase::Status::passed;
  if (text == "failed") return TestCase::Status::failed;
  if (text == "error") return TestCase::Status::error;
  if (text == "skipped") return TestCase::Status::skipped;
  return std::nullopt;
}

/// "test_list" of "vault.tests.ListTest.test_list" and of "vault/tests.py::ListTest::test_list[x]".
std::string_view function_of(std::string_view id) {
  id = id.substr(0, id.find('['));
  const std::size_t colon = id.rfind(':');
  if (colon != std::string_view::npos) return id.substr(colon + 1);
  return id.substr(id.rfind('.') + 1);
}

/// What a class's or a module's set-up, or a module that cannot be imported, is reported as.
bool is_no_function(std::string_view id) {
  return id.find("setUpClass") != std::string_view::npos ||
         id.find("tearDownClass") != std::string_view::npos ||
         id.find("setUpModule") != std::string_view::npos ||
         id.find("tearDownModule") != std::string_view::npos ||
         id.find("_FailedTest") != std::string_view::npos ||
         (id.find("::") == std::string_view::npos && id.ends_with(".py"));
}

/// " (TypeError: …)" of a traceback.
std::string last_line_of(std::string_view message) {
  const auto lines = text::lines(text::trim(message));
  return lines.empty() ? std::string() : " (" + text::shorten(lines.back(), 160) + ")";
}

/// Our own tests' outcomes: whoever makes them come out otherwise has patched the machinery.
std::string canary_doubt(const Records& records, std::string_view runner) {
  // pytest calls an exception in a test's body a failure.
  const std::map<std::string_view, std::string_view> expected = {
      {"test_passes", "passed"},
      {"test_fails", "failed"},
      {"test_raises", runner == "pytest" ? "failed" : "error"},
      {"test_skips", "skipped"}};
  std::map<std::string, int, std::less<>> seen;
  for (const Record& record : records.all) {
    if (record.kind != "canary") continue;
    const auto known = expected.find(record.text("name"));
    if (known == expected.end() || known->second != record.text("status")) {
      return "a test of ours that " + std::string(record.text("name").substr(5)) +
             " was reported as " + std::string(record.text("status")) +
             last_line_of(record.text("message"));
    }
    ++seen[std::string(record.text("name"))];
  }
  const int times = runner == "pytest" ? 1 : 2;
  const bool whole =
      seen.size() == expected.size() &&
      std::ranges::all_of(seen, [&](const auto& one) { return one.second == times; });
  return whole ? "" : "the tests of ours that run among theirs were not all reported";
}

/// Each planned test once among the outcomes, and no other, but for set-ups.
std::string plan_doubt(const Records& records, const TestRun& run) {
  std::map<std::string, int, std::less<>> open;
  for (const Record& record : records.all) {
    if (record.kind != "planned") continue;
    for (const std::string& id : record.list("ids")) ++open[id];
  }
  bool set_up_failed = false;
  for (const TestCase& test : run.cases) {
    if (is_no_function(test.id) && !open.contains(test.id)) {
      set_up_failed = true;
      continue;
    }
    const auto planned = open.find(test.id);
    if (planned == open.end()) return test.id + " was reported but never planned";
    if (--planned->second < 0) return test.id + " was reported more than once";
  }
  const auto missing = std::ranges::find_if(open, [](const auto& one) { return one.second > 0; });
  // Tests behind a broken set-up are rightly not run.
  if (missing == open.end() || set_up_failed) return "";
  return missing->first + " was planned but has no outcome";
}

/// Functions that were reported as passed but stand nowhere in the source.
std::string source_doubt(const TestRun& run, const Plan& plan) {
  std::set<std::string_view> known;
  for (const PlannedTest& test : plan.tests) known.insert(test.function);
  for (const TestCase& test : run.cases) {
    if (test.status != TestCase::Status::passed || is_no_function(test.id)) continue;
    if (!known.contains(function_of(test.id))) {
      return test.id + " was reported as passed but is not found in the source";
    }
  }
  return "";
}

std::string end_doubt(const Records& records, const BoxResult& result, const TestRun& run) {
  if (result.status != BoxResult::Status::ok && result.status != BoxResult::Status::nonzero) {
    return "the run did not end by itself: " + result.detail;
  }
  if (result.truncated) return "more was printed than is kept";
  if (records.malformed > 0) return "lines among the results are not the driver's";
  const auto ends = std::ranges::count(records.all, "end", &Record::kind);
  if (ends != 1 || records.all.back().kind != "end") {
    return "the process ended before the tests had ended";
  }
  if (find(records, "broken") != nullptr) return "the test run broke off";
  const Record& end = records.all.back();
  const auto failed = std::ranges::count_if(run.cases, [](const TestCase& test) {
    return test.status == TestCase::Status::failed || test.status == TestCase::Status::error;
  });
  if (end.number("ran") != static_cast<std::int64_t>(run.cases.size()) ||
      end.number("failed") != failed) {
    return "the totals differ from the outcomes";
  }
  if (result.code != (failed > 0 ? 1 : 0)) return "the exit status differs from the outcomes";
  return "";
}

}  // namespace

std::string doubt_of(const Records& records, const BoxResult& result, const TestRun& run,
                     const Plan& plan) {
  std::string doubt = end_doubt(records, result, run);
  if (doubt.empty()) doubt = canary_doubt(records, run.runner);
  if (doubt.empty()) doubt = plan_doubt(records, run);
  if (doubt.empty()) doubt = source_doubt(run, plan);
  return text::shorten(doubt, 300);
}

TestRun test_run(const Records& records, const BoxResult& result, const std::string& runner,
                 const Plan& plan) {
  TestRun run;
  run.runner = runner;
  run.exit_code = result.code;
  run.finished = result.status == BoxResult::Status::ok ||
                 result.status == BoxResult::Status::nonzero ||
                 result.status == BoxResult::Status::signal;
  const std::set<std::string_view> counted(plan.counted.begin(), plan.counted.end());
  for (const Record& record : records.all) {
    if (record.kind == "test" && run.cases.size() < cases_cap) {
      const std::optional<TestCase::Status> status = status_of(record.text("status"));
      if (!status) continue;
      const std::int64_t spent = std::clamp<std::int64_t>(record.number("ms"), 0, day);
      run.cases.push_back({text::shorten(record.text("id"), 300), *status,
                           std::string(record.text("message")), std::chrono::milliseconds(spent)});
    } else if (record.kind == "coverage" && counted.contains(record.text("path"))) {
      const std::int64_t statements = std::clamp<std::int64_t>(record.number("statements"), 0, day);
      const std::int64_t covered =
          std::clamp<std::int64_t>(record.number("covered"), 0, statements);
      run.coverage.push_back({std::string(record.text("path")), static_cast<int>(statements),
                              static_cast<int>(covered)});
    }
  }
  run.doubt = doubt_of(records, result, run, plan);
  run.trusted = run.doubt.empty();
  return run;
}

}  // namespace grader::sandbox
