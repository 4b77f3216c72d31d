#include "sandbox/rehearsal/rehearse.hpp"

#include <algorithm>
#include <chrono>

#include "grader/base/text.hpp"
#include "sandbox/environment/checkout.hpp"
#include "sandbox/rehearsal/dependencies.hpp"
#include "sandbox/rehearsal/rehearsing.hpp"

namespace grader::sandbox {

namespace {

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

Result<Rehearsal> Rehearsing::run() {
  Rehearsal rehearsal;
  rehearsal.root_file_system = host_.root_digest;
  arrangement_.wanted = wanted(plan_);
  choose_interpreter();
  // With the rest: a second environment for it would cost more than the first.
  if (!plan_.tests.empty() && plan_.test_framework == "pytest") want_test_runner(arrangement_);
  Result<void> done = install_wanted();
  if (done && installed_.ok()) done = climb();
  if (done && climbed_ && installed_.ok()) done = run_tests();
  if (done && climbed_ && installed_.ok()) done = run_probe();
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
  if (!test_run_) {
    std::erase_if(rehearsal.repairs,
                  [](const Repair& one) { return one.name == "repair.test_runner"; });
  }
  if (installed_.ok()) add_climb_repairs(rehearsal.repairs, *climbed_, plan_);
  name_repairs(rehearsal);
  rehearsal.routes = std::move(climbed_->routes);
  rehearsal.tests = std::move(test_run_);
  rehearsal.probe = std::move(probe_);
  rehearsal.interpreter = climbed_->python;
  rehearsal.distributions = distributions(installed_);
  return rehearsal;
}

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
