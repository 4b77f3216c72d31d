// bench_box_start [N]: what a box costs over running the same program on the host, in milliseconds,
// as medians of N paired runs (30). Paired: a busy machine slows both. Processor time of all
// processes that take part tells more than the wall clock where others use the machine.
#include <fmt/format.h>
#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <vector>

#include "grader/base/process.hpp"
#include "sandbox/box/box.hpp"
#include "sandbox/environment/rootfs.hpp"

namespace {

using namespace grader;
using Clock = std::chrono::steady_clock;

double milliseconds_since(Clock::time_point begin) {
  return std::chrono::duration<double, std::milli>(Clock::now() - begin).count();
}

/// Of this process and all that it has waited for.
double processor_milliseconds() {
  double sum = 0;
  for (const auto who : {RUSAGE_SELF, RUSAGE_CHILDREN}) {
    rusage usage{};
    getrusage(who, &usage);
    for (const timeval& part : {usage.ru_utime, usage.ru_stime})
      sum += static_cast<double>(part.tv_sec) * 1e3 + static_cast<double>(part.tv_usec) / 1e3;
  }
  return sum;
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

double on_host(const sandbox::BoxSpec& spec) {
  process::Command command;
  command.argv = {"/usr/sbin/chroot", spec.root.string()};
  command.argv.insert(command.argv.end(), spec.argv.begin(), spec.argv.end());
  command.environment = spec.environment;
  const auto begin = Clock::now();
  const auto outcome = process::run(command);
  if (!outcome || !outcome->ok()) std::abort();
  return milliseconds_since(begin);
}

double in_box(const sandbox::Sandbox& sandbox, const sandbox::BoxSpec& spec) {
  const auto begin = Clock::now();
  const auto result = sandbox.run(spec);
  if (!result || !result->ok()) std::abort();
  return milliseconds_since(begin);
}

void compare(const char* title, const sandbox::Sandbox& sandbox, const sandbox::BoxSpec& spec,
             int runs) {
  std::vector<double> host;
  std::vector<double> box;
  std::vector<double> over;
  std::vector<double> processor;
  for (int i = 0; i < runs; ++i) {
    host.push_back(on_host(spec));
    const double before = processor_milliseconds();
    box.push_back(in_box(sandbox, spec));
    processor.push_back(processor_milliseconds() - before);
    over.push_back(box.back() - host.back());
  }
  fmt::print("{:<28} host {:6.1f}  box {:6.1f}  over {:6.1f}  (least {:.1f})  processor {:5.1f}\n",
             title, median(host), median(box), median(over),
             *std::min_element(over.begin(), over.end()), median(processor));
}

}  // namespace

int main(int argc, char** argv) {
  const int runs = argc > 1 ? std::atoi(argv[1]) : 30;
  const auto root = sandbox::ensure_root_file_system();
  const auto sandbox = sandbox::Sandbox::open();
  if (!root || !sandbox || runs < 1) {
    fmt::print(stderr, "{}\n", to_string(root ? sandbox.error() : root.error()));
    return 5;
  }
  sandbox::BoxSpec spec;
  spec.root = root->path;
  spec.environment = {"PATH=/usr/bin:/bin"};
  spec.argv = {"/usr/bin/true"};
  compare("true", *sandbox, spec, runs);
  spec.argv = {"/usr/bin/python3", "-c", "import sqlite3, ssl, asyncio"};
  compare("python3, three imports", *sandbox, spec, runs);
  spec.argv = {"/usr/bin/true"};
  spec.limits.scratch = 256ULL << 20U;
  compare("true, 256 MiB of scratch", *sandbox, spec, runs);
  return 0;
}
