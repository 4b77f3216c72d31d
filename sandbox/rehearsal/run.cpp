#include "sandbox/rehearsal/run.hpp"

#include <algorithm>

#include "sandbox/box/limits.hpp"

namespace grader::sandbox {

namespace {

Plan control_plan() {
  Plan plan;
  plan.settings_module = "control.settings";
  plan.tests = {{"test_index", {.path = "notes/tests.py"}}};
  plan.test_framework = "django";
  return plan;
}

}  // namespace

Drive Runs::prepared(const char* module, const std::filesystem::path& tree, const Plan& plan,
                     const std::map<std::string, std::string>& variables) const {
  Drive run;
  run.module = module;
  run.config.set("submission", place::submission)
      .set("skipped", plan.skipped)
      .set("root", plan.django_root)
      .set("settings", plan.settings_module)
      .set("scratch", place::scratch)
      .set("environment", variables)
      .set("seconds", std::int64_t{rung_.count()});
  run.mounts = {read_only(tree, place::submission),
                read_only(environment_.path(), place::environment)};
  run.interpreter = std::string(place::environment) + "/bin/python";
  run.limits = test_limits();
  run.network.kind = Network::Kind::loopback;
  return run;
}

Result<Climb> Runs::climb(const std::filesystem::path& tree, const Plan& plan,
                          const std::map<std::string, std::string>& variables) const {
  const Result<Driven> driven = drive(sandbox_, host_, prepared("climb", tree, plan, variables));
  if (!driven) return tl::unexpected(driven.error());
  return climb_of(driven->records, driven->result, plan);
}

Result<TestRun> Runs::tests(const std::filesystem::path& tree, const Plan& plan,
                            const std::map<std::string, std::string>& variables,
                            const TestOptions& options) const {
  Drive run = prepared("run_tests", tree, plan, variables);
  run.config.set("runner", options.runner)
      .set("labels", options.labels)
      .set("coverage", plan.counted)
      .set("hasher", options.fast_hasher ? "fast" : "");
  const Result<Driven> driven = drive(sandbox_, host_, run);
  if (!driven) return tl::unexpected(driven.error());
  return test_run(driven->records, driven->result, options.runner, plan);
}

Result<bool> Runs::control_passes(const std::string& rung) const {
  const std::filesystem::path tree = host_.drivers / "control";
  const Plan plan = control_plan();
  if (rung == "tests") {
    const Result<TestRun> run = tests(tree, plan, {}, {});
    if (!run) return tl::unexpected(run.error());
    return run->trusted && run->cases.size() == 1;
  }
  const Result<Climb> climbed = climb(tree, plan, {});
  if (!climbed) return tl::unexpected(climbed.error());
  return std::ranges::any_of(climbed->rungs, [&](const Rung& one) {
    return one.name == rung && one.status == RungStatus::passed;
  });
}

}  // namespace grader::sandbox
