// bench_rehearsal_overhead SOURCE [N]: installing a submission and running its tests as a rehearsal
// does against the same by hand, as wall seconds: medians of N pairs of runs (5), the order of a
// pair taking turns. A whole rehearsal comes first: it settles what is installed, which variables
// are set and which runner finds the tests, and fetches all files. By hand means one box with a
// shell in it: uv makes an environment out of the same files, the tree is copied, the tests run.
// Neither side starts with a finished environment. Needs root.
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
#include "sandbox/rehearsal/rehearsing.hpp"

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
  sandbox::Plan plan;
  sandbox::RehearsalOptions options;
  sandbox::Rehearsing::Settled settled;
};

/// What a person would type to run the tests.
std::string test_command(const std::string& runner) {
  if (runner == "pytest") {
    return "python -m pytest --import-mode=importlib -q -p no:cacheprovider -o addopts= "
           "-o 'python_files=test*.py *_test.py *_tests.py' --ds=grader_box.overlay .";
  }
  if (runner == "unittest") {
    return "python -c 'import django, unittest; django.setup(); "
           "unittest.main(module=None, argv=[\"\", \"discover\", \"-p\", \"test*.py\"])'";
  }
  return "python -m django test";
}

sandbox::BoxSpec box_by_hand(const Case& it, const std::filesystem::path& tree,
                             const sandbox::Resolution& resolution) {
  std::string wheels;
  for (const auto& wheel : resolution.wheels)
    wheels += fmt::format(" {}/{}", sandbox::place::wheels, sandbox::WheelStore::place_of(wheel));
  std::string make;
  for (const auto& label : it.settled.tests.labels) {
    make += "python -m django makemigrations -v 0 " + label + "; ";
  }
  sandbox::BoxSpec spec;
  spec.root = it.host.root;
  spec.mounts = {sandbox::read_only(it.host.tools, sandbox::place::tools),
                 sandbox::read_only(sandbox::wheel_store(it.host).folder(), sandbox::place::wheels),
                 sandbox::read_only(it.host.drivers, sandbox::place::drivers),
                 sandbox::read_only(tree, sandbox::place::submission)};
  spec.argv = {"/bin/sh", "-c",
               fmt::format("date +%s%3N; cd /scratch && uv venv -q --python /usr/bin/python3 env "
                           "&& uv pip install -q "
                           "--no-index --no-deps --link-mode copy --compile-bytecode --python "
                           "env/bin/python{} && date +%s%3N && cp -r {} tree && cd tree/{} && "
                           "PATH=/scratch/env/bin:$PATH "
                           "&& {}{}; exit 0",
                           wheels, sandbox::place::submission,
                           it.plan.django_root.empty() ? "." : it.plan.django_root, make,
                           test_command(it.settled.tests.runner))};
  spec.environment = {"PATH=/srv/tools/bin:/usr/bin:/bin",
                      "HOME=/scratch",
                      "UV_OFFLINE=1",
                      "UV_CACHE_DIR=/scratch/cache",
                      "PYTHONDONTWRITEBYTECODE=1",
                      "PYTHONPATH=/srv/driver:.",
                      "DJANGO_SETTINGS_MODULE=grader_box.overlay",
                      "GRADER_SCRATCH=/scratch",
                      "GRADER_SETTINGS=" + it.plan.settings_module};
  for (const auto& [name, value] : it.settled.environment) {
    spec.environment.push_back(name + "=" + value);
  }
  spec.limits = sandbox::install_limits();
  spec.network.kind = sandbox::Network::Kind::loopback;
  return spec;
}

struct Spent {
  double all = 0;
  double install = 0;
};

Spent by_hand(const Case& it) {
  const auto resolution = must(sandbox::resolve(it.sandbox, it.host, it.settled.requested));
  const auto begin = Clock::now();
  const auto checkout = must(sandbox::check_out(it.submission));
  const auto result = must(it.sandbox.run(box_by_hand(it, checkout.tree, resolution)));
  const double spent = seconds_since(begin);
  const std::string said = result.out + result.err;
  if (!text::contains_any(said, {"Ran ", " passed", " failed"})) {
    stop("by hand no test ran:\n" + said);
  }
  const auto lines = text::lines(result.out, 2);  // when it began, and when all was installed
  if (lines.size() < 2) stop("by hand nothing was installed:\n" + said);
  const auto milliseconds = [](std::string_view line) {
    return std::strtoll(std::string(line).c_str(), nullptr, 10);
  };
  return {spent, static_cast<double>(milliseconds(lines[1]) - milliseconds(lines[0])) / 1000};
}

/// The same as a rehearsal does it, to the box of the first run of the tests.
Spent by_rehearsal(const Case& it) {
  std::error_code ignored;
  std::filesystem::remove_all(it.host.cache / "environments", ignored);
  const auto begin = Clock::now();
  const auto checkout = must(sandbox::check_out(it.submission));
  const auto installed = must(sandbox::install(it.sandbox, it.host, it.settled.requested));
  if (!installed.ok()) stop("nothing was installed: " + installed.problem);
  const double install = seconds_since(begin);
  sandbox::TestOptions options = it.settled.tests;
  options.shuffled = false;
  const auto run = must(sandbox::Runs(it.sandbox, it.host, installed, it.options.rung)
                            .tests(checkout.tree, it.plan, it.settled.environment, options));
  if (run.cases.empty()) stop("no test ran in the rehearsal");
  return {seconds_since(begin), install};
}

/// A whole rehearsal; what it settled on is kept.
double settle(Case& it) {
  const auto begin = Clock::now();
  const auto checkout = must(sandbox::check_out(it.submission));
  sandbox::Rehearsing rehearsing(checkout.tree, it.plan, it.sandbox, it.host, it.options);
  const auto rehearsal = must(rehearsing.run());
  it.settled = rehearsing.settled();
  if (!rehearsal.tests || rehearsal.tests->cases.empty()) stop("no test ran in the rehearsal");
  if (it.settled.with_server || it.settled.tests.fast_hasher ||
      !it.settled.requested.interpreter.version.empty()) {
    stop("it needs another interpreter, a database server or a cheap hash: not done by hand here");
  }
  fmt::print("{} tests by {}, ", rehearsal.tests->cases.size(), it.settled.tests.runner);
  return seconds_since(begin);
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
  Case it{must(sandbox::Sandbox::open()), host_with(cache.path()),        submission,
          sandbox::plan_of(project),      {.newest = {}, .probe = false}, {}};
  settle(it);  // fetches what is not at hand
  std::vector<double> hand;
  std::vector<double> hand_install;
  std::vector<double> ours;
  std::vector<double> install;
  const auto once = [](const Spent& spent, auto& all, auto& installing) {
    all.push_back(spent.all);
    installing.push_back(spent.install);
  };
  for (int i = 0; i < runs; ++i) {
    if (i % 2 == 0) once(by_hand(it), hand, hand_install);
    once(by_rehearsal(it), ours, install);
    if (i % 2 != 0) once(by_hand(it), hand, hand_install);
  }
  fmt::print(
      "by hand {:.2f} s, of it install {:.2f}; as a rehearsal {:.2f} s ({:+.1f} %), of it install "
      "{:.2f}\n",
      median(hand), median(hand_install), median(ours), (median(ours) / median(hand) - 1) * 100,
      median(install));
  return 0;
}
