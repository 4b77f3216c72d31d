#include "sandbox/rehearsal/rehearse.hpp"

#include <algorithm>
#include <chrono>
#include <optional>

#include "grader/base/log.hpp"
#include "grader/base/text.hpp"
#include "grader/project/distributions.hpp"
#include "sandbox/environment/checkout.hpp"
#include "sandbox/rehearsal/dependencies.hpp"
#include "sandbox/rehearsal/repairs.hpp"
#include "sandbox/rehearsal/run.hpp"

namespace grader::sandbox {

namespace {

/// Repairs come one after another: the climbs that one rehearsal may take.
constexpr int climb_budget = 8;

class Rehearsing {
 public:
  Rehearsing(const std::filesystem::path& tree, const Plan& plan, const Sandbox& sandbox,
             const Host& host, const RehearsalOptions& options)
      : tree_(tree), plan_(plan), sandbox_(sandbox), host_(host), options_(options) {}

  Result<Rehearsal> run();

 private:
  Result<void> install_wanted();
  Result<void> climb();
  Result<void> climb_repairing();
  Result<void> judge_climb();
  Result<void> try_other_interpreter();
  Result<void> run_tests();
  Result<void> try_runner(const std::string& runner);
  Result<bool> control_passes(const std::string& rung);
  Result<void> judge(Rung& rung);
  Runs runs() const { return {sandbox_, host_, installed_, options_.rung}; }
  bool repaired(const Failure& failure);

  const std::filesystem::path& tree_;
  const Plan& plan_;
  const Sandbox& sandbox_;
  const Host& host_;
  const RehearsalOptions& options_;
  Arrangement arrangement_;
  std::string newest_;
  Interpreter interpreter_;
  Installed installed_;
  Rung dependencies_ = untried("dependencies");
  std::optional<Climb> climbed_;
  std::optional<Climb> control_;  ///< of the control project in this environment
  Rung tests_ = untried("tests");
  std::optional<TestRun> test_run_;
};

std::chrono::milliseconds since(std::chrono::steady_clock::time_point begun) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() -
                                                               begun);
}

/// Installs what is wanted now; the rung keeps what the first attempt that worked needed.
Result<void> Rehearsing::install_wanted() {
  const auto begun = std::chrono::steady_clock::now();
  // What repairs add to a pinned set has no pin of its own: it is taken as of the same day.
  if (is_open(arrangement_.wanted)) newest_ = options_.newest;
  InstallRequest request = install_request(arrangement_.wanted, newest_);
  request.interpreter = interpreter_;
  Result<Installed> installed = install(sandbox_, host_, request);
  dependencies_.duration += since(begun);
  if (!installed) {
    if (installed.error().kind == ErrorKind::interrupted) return tl::unexpected(installed.error());
    dependencies_.cause = RungCause::grader;
    dependencies_.reason = installed.error().what;
    dependencies_.output = to_string(installed.error());
    return {};
  }
  installed_ = std::move(*installed);
  control_.reset();
  if (installed_.ok()) {
    dependencies_.status = RungStatus::passed;
    return {};
  }
  dependencies_.reason = "the requirements cannot be installed";
  dependencies_.output = text::shorten(text::to_utf8(installed_.problem), 4'000);
  dependencies_.cause = RungCause::grader;
  if (installed_.by_us) {
    dependencies_.reason = "distributions cannot be fetched; check the network, then try again";
    return {};
  }
  InstallRequest control;
  control.choices = {{"django"}};
  const Result<Installed> trusted = install(sandbox_, host_, control);
  if (trusted && trusted->ok()) {
    dependencies_.status = RungStatus::failed;
    dependencies_.cause = RungCause::submission;
  }
  return {};
}

/// A view that imports or reads late: what its page raised, as if it had stopped the climb.
std::optional<Failure> late_failure(const Climb& climb) {
  for (const RouteAnswer& answer : climb.routes) {
    if (!text::contains_any(answer.error, {"No module named", "Fernet key must be",
                                           "environment variable", "UndefinedValueError"})) {
      continue;
    }
    Failure failure;
    failure.rung = "routes";
    failure.chain = {answer.error};
    if (!answer.at.path.empty()) {
      failure.places = {answer.at.path + ":" + std::to_string(answer.at.line)};
    }
    return failure;
  }
  return std::nullopt;
}

bool Rehearsing::repaired(const Failure& failure) {
  return std::ranges::any_of(repair_units(), [&](const RepairUnit& unit) {
    return unit.apply(failure, plan_, arrangement_);
  });
}

Result<void> Rehearsing::climb_repairing() {
  std::size_t wanted = arrangement_.wanted.size();
  for (int left = climb_budget; left > 0; --left) {
    const Runs runs = this->runs();
    Result<Climb> climbed = runs.climb(tree_, plan_, arrangement_.environment);
    if (!climbed) return tl::unexpected(climbed.error());
    climbed_ = std::move(*climbed);
    const auto failure = climbed_->failure ? climbed_->failure : late_failure(*climbed_);
    if (!failure || left == 1 || !repaired(*failure)) break;
    if (arrangement_.wanted.size() == wanted) continue;
    wanted = arrangement_.wanted.size();
    const Result<void> again = install_wanted();
    if (!again || !installed_.ok()) return again;
  }
  return {};
}

Result<void> Rehearsing::judge_climb() {
  for (Rung& rung : climbed_->rungs) {
    if (rung.status != RungStatus::failed) continue;
    const Result<void> judged = judge(rung);
    if (!judged) return judged;
  }
  return {};
}

std::ptrdiff_t passed_rungs(const Climb& climb) {
  return std::ranges::count(climb.rungs, RungStatus::passed, &Rung::status);
}

/// A Django that is too old for the interpreter of the boxes: another one of this machine's.
Result<void> Rehearsing::try_other_interpreter() {
  const bool ours = std::ranges::any_of(climbed_->rungs, [](const Rung& rung) {
    return rung.cause == RungCause::grader && rung.status == RungStatus::undetermined;
  });
  const auto other = interpreter_for(climbed_->django, find_interpreters());
  if (!ours || !climbed_->failure || !other) return {};
  const Installed installed = installed_;
  const Rung dependencies = dependencies_;
  const Climb climbed = *climbed_;
  Arrangement arrangement = arrangement_;
  interpreter_ = *other;
  arrangement_.repairs.push_back({"repair.interpreter",
                                  "Python " + other->version + " is taken in place of " +
                                      climbed.python + ", which Django " + climbed.django +
                                      " does not run on",
                                  plan_.settings_at});
  Result<void> done = install_wanted();
  if (done && installed_.ok()) done = climb_repairing();
  if (done && installed_.ok()) done = judge_climb();
  if (!done || (installed_.ok() && passed_rungs(*climbed_) > passed_rungs(climbed))) return done;
  log::debug("Python " + other->version + " does not help: " + installed_.problem);
  control_.reset();
  installed_ = installed;
  dependencies_ = dependencies;
  climbed_ = climbed;
  arrangement_ = std::move(arrangement);
  interpreter_ = {};
  return {};
}

Result<void> Rehearsing::climb() {
  Result<void> done = climb_repairing();
  if (done && installed_.ok()) done = judge_climb();
  if (done && installed_.ok()) done = try_other_interpreter();
  return done;
}

Result<bool> Rehearsing::control_passes(const std::string& rung) {
  if (rung == "tests") return runs().control_tests_pass();
  if (!control_) {
    Result<Climb> climbed = runs().control_climb();
    if (!climbed) return tl::unexpected(climbed.error());
    control_ = std::move(*climbed);
  }
  return std::ranges::any_of(control_->rungs, [&](const Rung& one) {
    return one.name == rung && one.status == RungStatus::passed;
  });
}

/// A failed rung is the submission's only where the control project passes it here and now.
Result<void> Rehearsing::judge(Rung& rung) {
  const Result<bool> passes = control_passes(rung.name);
  if (!passes) return tl::unexpected(passes.error());
  rung.cause = *passes ? RungCause::submission : RungCause::grader;
  if (*passes) return {};
  rung.status = RungStatus::undetermined;
  // Most often a Django that is too old for the interpreter.
  rung.reason = "a project of ours does not pass it either with Django " + climbed_->django +
                " on Python " + climbed_->python + "; " + rung.reason;
  return {};
}

/// More passed, or else more that says why not.
bool better(const TestRun& run, const std::optional<TestRun>& other) {
  const auto passed = [](const TestRun& one) {
    return std::ranges::count(one.cases, TestCase::Status::passed, &TestCase::status);
  };
  if (!other) return true;
  return std::pair(passed(run), run.cases.size()) > std::pair(passed(*other), other->cases.size());
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
  if (better(*run, test_run_)) test_run_ = std::move(*run);
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
  const bool nothing =
      !test_run_ || std::ranges::none_of(test_run_->cases, [](const TestCase& one) {
        return one.status == TestCase::Status::passed;
      });
  if (tried && nothing) tried = try_runner(first == "pytest" ? "django" : "pytest");
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

/// What the submission may be told of rungs that were never tried.
void explain_unreached(std::vector<Rung>& ladder) {
  const Rung* blocking = nullptr;
  for (Rung& rung : ladder) {
    if (rung.status == RungStatus::passed) continue;
    const bool untried = rung.status == RungStatus::undetermined && rung.reason.empty();
    if (untried && blocking != nullptr) {
      rung.cause = blocking->cause;
      rung.reason = "not reached, since «" + blocking->name + "» was not passed";
    } else if (rung.name != "migrations" && rung.name != "routes" && blocking == nullptr) {
      blocking = &rung;
    }
  }
}

Result<Rehearsal> Rehearsing::run() {
  Rehearsal rehearsal;
  rehearsal.root_file_system = host_.root_digest;
  arrangement_.wanted = wanted(plan_);
  Result<void> done = install_wanted();
  if (done && installed_.ok()) done = climb();
  if (done && climbed_ && installed_.ok()) done = run_tests();
  if (!done) return tl::unexpected(done.error());

  rehearsal.ladder.push_back(dependencies_);
  if (!climbed_) climbed_ = climb_of({}, {}, plan_);
  // Without a climb its rungs have nothing to say of their own.
  if (!installed_.ok()) {
    for (Rung& rung : climbed_->rungs) rung = untried(rung.name);
  }
  rehearsal.ladder.insert(rehearsal.ladder.end(), climbed_->rungs.begin(), climbed_->rungs.end());
  rehearsal.ladder.push_back(tests_);
  explain_unreached(rehearsal.ladder);
  if (dependencies_.cause == RungCause::grader) rehearsal.problem = dependencies_.reason;
  rehearsal.repairs = repairs_of(installed_, arrangement_, plan_);
  if (installed_.ok()) add_climb_repairs(rehearsal.repairs, *climbed_, plan_);
  name_repairs(rehearsal);
  rehearsal.routes = std::move(climbed_->routes);
  rehearsal.tests = std::move(test_run_);
  rehearsal.interpreter = climbed_->python;
  rehearsal.distributions = distributions(installed_);
  return rehearsal;
}

/// No settings module: there is nothing that could be started.
Rehearsal nothing_to_rehearse(const Host& host) {
  Rehearsal rehearsal;
  rehearsal.root_file_system = host.root_digest;
  for (const char* name :
       {"dependencies", "settings", "check", "migrations", "migrate", "serve", "routes", "tests"}) {
    Rung& rung = rehearsal.ladder.emplace_back(untried(name));
    rung.cause = RungCause::submission;
    rung.reason = "the submission has no Django settings module";
  }
  return rehearsal;
}

}  // namespace

const Rung* Rehearsal::rung(std::string_view name) const {
  const auto found = std::ranges::find(ladder, name, &Rung::name);
  return found == ladder.end() ? nullptr : &*found;
}

Result<Rehearsal> rehearse_tree(const std::filesystem::path& tree, const Plan& plan,
                                const Sandbox& sandbox, const Host& host,
                                const RehearsalOptions& options) {
  if (plan.settings_module.empty()) return nothing_to_rehearse(host);
  return Rehearsing(tree, plan, sandbox, host, options).run();
}

Result<Rehearsal> rehearse(const submission::Submission& submission,
                           const project::Project& project, const Sandbox& sandbox,
                           const Host& host, const RehearsalOptions& options) {
  const Plan plan = plan_of(project);
  if (plan.settings_module.empty()) return nothing_to_rehearse(host);
  const Result<Checkout> checkout = check_out(submission);
  if (!checkout) return tl::unexpected(checkout.error());
  return rehearse_tree(checkout->tree, plan, sandbox, host, options);
}

std::string day_after(std::int64_t commit_time, int days) {
  const std::chrono::sys_days day = std::chrono::floor<std::chrono::days>(std::chrono::sys_seconds(
                                        std::chrono::seconds(commit_time))) +
                                    std::chrono::days(days);
  const std::chrono::year_month_day date(day);
  char text[32];
  std::snprintf(text, sizeof text, "%04d-%02u-%02u", static_cast<int>(date.year()),
                static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
  return text;
}

}  // namespace grader::sandbox
