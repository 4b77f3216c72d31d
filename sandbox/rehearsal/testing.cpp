#include <algorithm>
#include <map>

#include "grader/base/text.hpp"
#include "sandbox/rehearsal/dependencies.hpp"
#include "sandbox/rehearsal/rehearsing.hpp"

namespace grader::sandbox {

namespace {

/// More passed, or else more that says why not.
bool better(const TestRun& run, const std::optional<TestRun>& other) {
  const auto passed = [](const TestRun& one) {
    return std::ranges::count(one.cases, TestCase::Status::passed, &TestCase::status);
  };
  if (!other) return true;
  return std::pair(passed(run), run.cases.size()) > std::pair(passed(*other), other->cases.size());
}

/// Suites that take longer are not run twice.
constexpr std::chrono::seconds slow_suite{20};

std::chrono::milliseconds spent(const TestRun& run) {
  std::chrono::milliseconds sum{0};
  for (const TestCase& test : run.cases) sum += test.duration;
  return sum;
}

}  // namespace

std::vector<std::string> different_outcomes(const TestRun& run, const TestRun& other) {
  std::map<std::string_view, TestCase::Status> before;
  for (const TestCase& test : run.cases) before.emplace(test.id, test.status);
  std::vector<std::string> found;
  for (const TestCase& test : other.cases) {
    const auto known = before.find(test.id);
    if (known != before.end() && known->second != test.status) found.push_back(test.id);
  }
  std::ranges::sort(found);
  return found;
}

Result<void> Rehearsing::try_runner(const std::string& runner) {
  const bool has_pytest = std::ranges::any_of(installed_.resolution.wheels, [](const Wheel& wheel) {
    return wheel.name == "pytest-django";
  });
  if (runner == "pytest" && !has_pytest) {
    want_test_runner(arrangement_);
    const Result<void> again = install_wanted();
    if (!again || !installed_.ok()) return again;
  }
  TestOptions options{.runner = runner, .labels = climbed_->labels, .fast_hasher = false};
  Result<TestRun> run = runs().tests(tree_, plan_, arrangement_.environment, options);
  if (run && !run->finished) {
    // Most of a slow suite's time goes into hashing the passwords of test accounts.
    options.fast_hasher = true;
    Result<TestRun> fast = runs().tests(tree_, plan_, arrangement_.environment, options);
    if (fast && !better(*run, *fast)) {
      arrangement_.repairs.push_back(
          {"repair.fast_hasher", "passwords of accounts are hashed cheaply in the tests", {}});
      run = std::move(fast);
    }
  }
  if (!run) return tl::unexpected(run.error());
  if (better(*run, test_run_)) {
    test_run_ = std::move(*run);
    test_options_ = options;
  }
  return {};
}

/// Once more in another order, where that costs little and means something.
Result<void> Rehearsing::try_other_order() {
  if (!test_run_->trusted || test_run_->cases.size() < 2 || spent(*test_run_) > slow_suite) {
    return {};
  }
  test_options_.shuffled = true;
  const Result<TestRun> other = runs().tests(tree_, plan_, arrangement_.environment, test_options_);
  if (!other) return tl::unexpected(other.error());
  const std::vector<std::string> dependent = different_outcomes(*test_run_, *other);
  if (other->trusted && !dependent.empty()) {
    tests_.output =
        "other outcomes in another order: " + text::shorten(text::join(dependent, ", "), 1'000);
  }
  return {};
}

Result<void> Rehearsing::run_tests() {
  if (plan_.tests.empty()) {
    tests_.cause = RungCause::submission;
    tests_.reason = "the submission has no tests";
    return {};
  }
  const bool loads = climbed_->rungs.front().status == RungStatus::passed;
  if (!loads) return {};
  const auto begun = std::chrono::steady_clock::now();
  supply_late_secrets(plan_, arrangement_);
  const std::string first = plan_.test_framework == "pytest" ? "pytest" : "django";
  Result<void> tried = try_runner(first);
  const auto nothing = [&] {
    return !test_run_ || std::ranges::none_of(test_run_->cases, [](const TestCase& one) {
      return one.status == TestCase::Status::passed;
    });
  };
  if (tried && nothing()) tried = try_runner(first == "pytest" ? "django" : "pytest");
  if (tried && nothing() && installed_.ok()) tried = try_runner("unittest");
  if (tried && test_run_ && installed_.ok()) tried = try_other_order();
  if (!tried) return tried;
  tests_.duration = since(begun);
  if (!test_run_ || test_run_->cases.empty()) {
    tests_.status = RungStatus::failed;
    tests_.reason = "tests exist, but none of them runs";
    if (test_run_ && !test_run_->doubt.empty()) tests_.reason += ": " + test_run_->doubt;
    return installed_.ok() ? judge(tests_) : Result<void>();
  }
  if (!test_run_->finished) {
    tests_.status = RungStatus::failed;
    tests_.reason = std::to_string(test_run_->cases.size()) + " tests have an outcome, then " +
                    test_run_->doubt;
    return judge(tests_);
  }
  tests_.status = RungStatus::passed;
  return {};
}

}  // namespace grader::sandbox
