// bench_rehearsal_overhead SOURCE [N]: the rehearsal of a submission against the same install and
// the same tests by hand, as wall seconds: medians of N runs in turn (5). By hand means one box
// with a shell in it: uv makes an environment out of the same files, the tree is copied, the
// migrations run, and Django runs the tests. Both start without a finished environment and with all
// files at hand. Needs root; SOURCE is a repository that needs no repair but those of settings and
// variables, and whose tests run by Django's own runner.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <vector>

#include "grader/base/text.hpp"
#include "grader/project/project.hpp"
#include "grader/submission/fetch.hpp"
#include "grader/submission/scratch.hpp"
#include "sandbox/box/limits.hpp"
#include "sandbox/environment/checkout.hpp"
#include "sandbox/environment/drive.hpp"
#include "sandbox/environment/install.hpp"
#include "sandbox/rehearsal/dependencies.hpp"
#include "sandbox/rehearsal/rehearse.hpp"
#include "sandbox/rehearsal/repairs.hpp"
#include "sandbox/rehearsal/values.hpp"

namespace {

using namespace grader;
using Clock = std::chrono::steady_clock;

[[noreturn]] void stop(const std::string& why) {
  fmt::print(stderr, "{}\n", why);
  std::exit(5);
}

template <typename T>
T must(Result<T> result) {
  if (!result) stop(to_string(result.error()));
  return std::move(*result);
}

double seconds_since(Clock::time_point begin) {
  return std::chrono::duration<double>(Clock::now() - begin).count();
}

double median(std::vector<double> values) {
  std::ranges::sort(values);
  return values[values.size() / 2];
}

project::Files files_of(const submission::Submission& submission) {
  project::Files files;
  for (const auto& entry : submission.entries())
    files.entries.push_back({entry.path, entry.size, entry.mode == submission::Mode::symlink});
  files.read = [&submission](std::string_view path) -> std::optional<std::string> {
    const auto* entry = submission.find(path);
    if (entry == nullptr || entry->mode == submission::Mode::symlink) return std::nullopt;
    auto bytes = submission.read(*entry);
    return bytes ? std::optional<std::string>(std::move(*bytes)) : std::nullopt;
  };
  return files;
}

struct Case {
  sandbox::Sandbox sandbox;
  sandbox::Host host;
  const submission::Submission& submission;
  const project::Project& project;
  sandbox::Plan plan;
  sandbox::RehearsalOptions options;
};

/// What a person would type, in one box.
double by_hand(const Case& it) {
  sandbox::Arrangement arrangement;
  arrangement.wanted = sandbox::wanted(it.plan);
  sandbox::supply_late_secrets(it.plan, arrangement);
  const std::string newest = sandbox::is_open(arrangement.wanted) ? it.options.newest : "";
  const auto resolution =
      must(sandbox::resolve(it.sandbox, it.host, sandbox::install_request(arrangement, newest)));
  const auto begin = Clock::now();
  const auto checkout = must(sandbox::check_out(it.submission));
  std::string wheels;
  for (const auto& wheel : resolution.wheels)
    wheels += fmt::format(" {}/{}", sandbox::place::wheels, sandbox::WheelStore::place_of(wheel));
  sandbox::BoxSpec spec;
  spec.root = it.host.root;
  spec.mounts = {sandbox::read_only(it.host.tools, sandbox::place::tools),
                 sandbox::read_only(sandbox::wheel_store(it.host).folder(), sandbox::place::wheels),
                 sandbox::read_only(it.host.drivers, sandbox::place::drivers),
                 sandbox::read_only(checkout.tree, sandbox::place::submission)};
  spec.argv = {
      "/bin/sh", "-c",
      fmt::format("cd /scratch && uv venv -q --python /usr/bin/python3 env && uv pip install -q "
                  "--no-index --no-deps --link-mode copy --compile-bytecode --python "
                  "env/bin/python{} && cp -r {} tree && cd tree/{} && ../env/bin/python -m django "
                  "migrate -v 0 && /scratch/env/bin/python -m django test; exit 0",
                  wheels, sandbox::place::submission,
                  it.plan.django_root.empty() ? "." : it.plan.django_root)};
  spec.environment = {"PATH=/srv/tools/bin:/usr/bin:/bin",
                      "HOME=/scratch",
                      "UV_OFFLINE=1",
                      "UV_CACHE_DIR=/scratch/cache",
                      "PYTHONDONTWRITEBYTECODE=1",
                      "PYTHONPATH=/srv/driver:.",
                      "DJANGO_SETTINGS_MODULE=grader_box.overlay",
                      "GRADER_SCRATCH=/scratch",
                      "GRADER_SETTINGS=" + it.plan.settings_module};
  for (const auto& variable : it.plan.variables) {
    if (variable.has_default || !sandbox::may_be_supplied(variable.name)) continue;
    spec.environment.push_back(variable.name + "=" + sandbox::stand_in(variable).value);
  }
  spec.limits = sandbox::install_limits();
  spec.network.kind = sandbox::Network::Kind::loopback;
  const auto result = must(it.sandbox.run(spec));
  const double spent = seconds_since(begin);
  if (result.err.find("Ran ") == std::string::npos) stop("by hand no test ran:\n" + result.err);
  return spent;
}

struct Rehearsed {
  double all = 0;
  double install = 0;
  double tests = 0;
};

Rehearsed rehearsed(const Case& it) {
  std::error_code ignored;
  std::filesystem::remove_all(it.host.cache / "environments", ignored);
  const auto begin = Clock::now();
  const auto rehearsal =
      must(sandbox::rehearse(it.submission, it.project, it.sandbox, it.host, it.options));
  Rehearsed spent{seconds_since(begin), 0, 0};
  for (const auto& rung : rehearsal.ladder) {
    const double rung_seconds = static_cast<double>(rung.duration.count()) / 1000;
    if (rung.name == "dependencies") spent.install = rung_seconds;
    if (rung.name == "tests") spent.tests = rung_seconds;
  }
  if (!rehearsal.tests || rehearsal.tests->cases.empty()) stop("no test ran in the rehearsal");
  return spent;
}

/// The host with a cache of its own for finished environments.
sandbox::Host host_with(const std::string& folder) {
  auto host = must(sandbox::prepare_host());
  for (const char* shared : {"wheels", "sources", "built", "resolutions"}) {
    std::error_code failed;
    std::filesystem::create_directories(host.cache / shared, failed);
    std::filesystem::create_directory_symlink(host.cache / shared,
                                              std::filesystem::path(folder) / shared, failed);
  }
  host.cache = folder;
  return host;
}

}  // namespace

int main(int argc, char** argv) {
  const int runs = argc > 2 ? std::atoi(argv[2]) : 5;
  if (argc < 2 || runs < 1) stop("bench_rehearsal_overhead SOURCE [N]");
  const auto source = must(submission::parse_source(argv[1]));
  const auto submission = must(submission::fetch(source, {}));
  const auto project = project::model(files_of(submission));
  const auto cache = must(submission::Scratch::make(must(sandbox::prepare_host()).cache));
  Case it{must(sandbox::Sandbox::open()),
          host_with(cache.path()),
          submission,
          project,
          sandbox::plan_of(project),
          {}};
  rehearsed(it);  // fetches what is not at hand
  std::vector<double> hand;
  std::vector<double> ours;
  std::vector<double> install;
  std::vector<double> tests;
  for (int i = 0; i < runs; ++i) {
    hand.push_back(by_hand(it));
    const Rehearsed spent = rehearsed(it);
    ours.push_back(spent.all);
    install.push_back(spent.install);
    tests.push_back(spent.tests);
  }
  fmt::print(
      "by hand {:.2f} s, rehearsal {:.2f} s ({:+.1f} %), of it install {:.2f}, tests {:.2f}\n",
      median(hand), median(ours), (median(ours) / median(hand) - 1) * 100, median(install),
      median(tests));
  return 0;
}
