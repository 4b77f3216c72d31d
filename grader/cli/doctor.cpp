#include <fmt/format.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <array>

#include "grader/base/log.hpp"
#include "grader/base/text.hpp"
#include "grader/cli/verbs.hpp"
#include "sandbox/box/box.hpp"
#include "sandbox/doctor/trials.hpp"
#include "sandbox/environment/host.hpp"
#include "sandbox/environment/interpreters.hpp"

namespace grader::cli {

namespace {

/// What could hold strangers' code, and what is made of it here.
struct Backend {
  const char* name;
  const char* program;
  const char* role;
};
constexpr auto backends = std::to_array<Backend>({
    {"oci", "runc", "makes every box; proven below"},
    {"gvisor", "runsc", "not used yet"},
    {"podman", "podman", "not used yet"},
    {"docker", "docker", "not used yet"},
    {"bwrap", "bwrap", "not used: it has no limits of its own"},
});

bool is_installed(const char* program) {
  for (const char* folder : {"/usr/sbin/", "/usr/bin/", "/usr/local/sbin/", "/usr/local/bin/"}) {
    if (access((std::string(folder) + program).c_str(), X_OK) == 0) return true;
  }
  return false;
}

void print_machine() {
  utsname kernel{};
  uname(&kernel);
  fmt::print("machine   Linux {} {}\n", kernel.release, kernel.machine);
  for (const Backend& one : backends) {
    const bool found = is_installed(one.program);
    fmt::print("back end  {:8} {}\n", one.name, found ? one.role : "not installed");
  }
}

void print_interpreters(const sandbox::Host& host) {
  fmt::print("python    {:8} of the boxes' own root file system ({})\n",
             sandbox::python_of_root(host.root), text::shorten(host.root_digest, 12));
  for (const sandbox::Interpreter& one : sandbox::find_interpreters()) {
    fmt::print("python    {:8} {}\n", one.version, one.folder.string());
  }
}

int print_trials(const std::vector<sandbox::Trial>& trials) {
  fmt::print("\n");
  for (const sandbox::Trial& trial : trials) {
    fmt::print("{:4}  {:15} {:5} ms  {}\n", trial.held ? "ok" : "FAIL", trial.name,
               trial.milliseconds, trial.promise);
    if (!trial.held) fmt::print("                              it: {}\n", trial.saw);
  }
  if (sandbox::all_held(trials)) {
    fmt::print("\nBoxes hold on this machine.\n");
    return 0;
  }
  fmt::print(
      "\nBoxes do not hold on this machine: nothing of a submission is run here.\n"
      "next: update runc and the kernel, or grade with --static --no-lint\n");
  return static_cast<int>(ErrorKind::sandbox);
}

}  // namespace

Result<int> doctor() {
  print_machine();
  const auto sandbox = sandbox::Sandbox::open();
  if (!sandbox) return tl::unexpected(sandbox.error());
  const auto host = sandbox::prepare_host([](std::string_view line) { log::progress(line); });
  if (!host) return tl::unexpected(host.error());
  print_interpreters(*host);
  const auto trials = sandbox::try_limits(*sandbox, host->root);
  if (!trials) return tl::unexpected(trials.error());
  return print_trials(*trials);
}

}  // namespace grader::cli
