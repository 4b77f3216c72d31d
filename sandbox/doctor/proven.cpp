#include <sys/utsname.h>

#include <chrono>
#include <ctime>

#include "grader/base/process.hpp"
#include "grader/base/text.hpp"
#include "sandbox/box/cgroup.hpp"
#include "sandbox/box/runtime.hpp"
#include "sandbox/doctor/trials.hpp"
#include "sandbox/environment/cache_file.hpp"

namespace grader::sandbox {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t record_cap = 4096;

/// Size and time of the running program: a new build is tried anew.
std::string program_facts() {
  std::error_code failed;
  const fs::path program = fs::read_symlink("/proc/self/exe", failed);
  const auto size = fs::file_size(program, failed);
  const auto written = fs::last_write_time(program, failed).time_since_epoch().count();
  return std::to_string(size) + " " + std::to_string(written);
}

std::string runtime_version(const fs::path& program) {
  process::Command command;
  command.argv = {program.string(), "--version"};
  command.environment = {"PATH=/usr/sbin:/usr/bin:/sbin:/bin"};
  command.wall = std::chrono::seconds(10);
  const Result<process::Outcome> outcome = process::run(command);
  return outcome ? text::to_utf8(text::shorten(outcome->out, 200)) : std::string();
}

}  // namespace

std::string machine_facts() {
  utsname kernel{};
  uname(&kernel);
  std::string facts = std::string(kernel.release) + " " + kernel.version + "\n";
  const Result<fs::path> runtime = runtime::find();
  facts += runtime ? runtime_version(*runtime) : "no runtime\n";
  facts += text::sha256(read_cached("/proc/self/cgroup", 1U << 16U)) + "\n";
  return facts;
}

Result<void> ensure_proven(const Sandbox& sandbox, const fs::path& root, const fs::path& cache) {
  const std::string key = machine_facts() + program_facts() + root.string();
  const fs::path record = cache / "proofs" / text::sha256(key);
  if (read_cached(record, record_cap) == "held\n") return {};
  const Result<std::vector<Trial>> trials = try_limits(sandbox, root);
  if (!trials) return tl::unexpected(trials.error());
  for (const Trial& trial : *trials) {
    if (trial.held) continue;
    return fail(ErrorKind::sandbox,
                "boxes on this machine do not hold: " + trial.promise + " (" + trial.saw + ")", "",
                "run `grader doctor`, which shows every limit, or grade with --static --no-lint");
  }
  write_cached(record, "held\n", Readable::by_us);
  return {};
}

}  // namespace grader::sandbox
