#include "sandbox/rehearsal/run.hpp"

#include <algorithm>
#include <random>
#include <system_error>

#include "sandbox/box/limits.hpp"
#include "sandbox/probe/probe.hpp"

namespace grader::sandbox {

namespace {

Plan control_plan() {
  Plan plan;
  plan.settings_module = "control.settings";
  plan.tests = {{"test_index", {.path = "notes/tests.py"}}};
  plan.test_framework = "django";
  return plan;
}

/// An empty cluster and its log of writes.
constexpr std::uint64_t server_scratch = 256ULL << 20U;

/// What a copy of the tree takes on a disk at most; its size is limited where it is written.
std::uint64_t size_of_copy(const std::filesystem::path& tree) {
  // As many bytes as a file system keeps for one inode, see make_volume().
  constexpr std::uint64_t for_each = 8192;
  std::uint64_t bytes = 0;
  std::error_code failed;
  for (std::filesystem::recursive_directory_iterator entry(tree, failed), end;
       !failed && entry != end; entry.increment(failed)) {
    std::error_code unknown;
    const bool counts = !entry->is_symlink(unknown) && entry->is_regular_file(unknown);
    bytes += for_each + (counts ? entry->file_size(unknown) : 0);
  }
  return (bytes + for_each - 1) / for_each * for_each;
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
      .set("server", server_root_.empty() ? "" : "postgresql")
      .set("seconds", std::int64_t{rung_.count()});
  run.mounts = {read_only(tree, place::submission),
                read_only(installed_.environment->path(), place::environment)};
  add_interpreter(run, installed_.resolution.interpreter);
  run.interpreter = std::string(place::environment) + "/bin/python";
  run.limits = test_limits();
  run.limits.scratch += size_of_copy(tree);
  run.network.kind = Network::Kind::loopback;
  run.root = server_root_;
  if (!server_root_.empty()) run.limits.scratch += server_scratch;
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
      .set("hasher", options.fast_hasher ? "fast" : "")
      .set("order", options.shuffled ? "shuffled" : "");
  const Result<Driven> driven = drive(sandbox_, host_, run);
  if (!driven) return tl::unexpected(driven.error());
  return test_run(driven->records, driven->result, options.runner, plan);
}

Result<Probe> Runs::probe(const std::filesystem::path& tree, const Plan& plan,
                          const std::map<std::string, std::string>& variables,
                          const std::vector<std::string>& labels) const {
  ProbeRequest request;
  request.server = prepared("probe_server", tree, plan, variables);
  request.labels = labels;
  // Drawn anew for each meeting: nothing that is submitted can know them.
  request.seed = std::random_device{}();
  return sandbox::probe(sandbox_, host_, request);
}

Result<Climb> Runs::control_climb() const {
  return climb(host_.drivers / "control", control_plan(), {});
}

Result<bool> Runs::control_tests_pass() const {
  const Result<TestRun> run = tests(host_.drivers / "control", control_plan(), {}, {});
  if (!run) return tl::unexpected(run.error());
  return run->trusted && run->cases.size() == 1;
}

}  // namespace grader::sandbox
