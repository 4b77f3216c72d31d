#include "sandbox/box/cgroup.hpp"

#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <charconv>
#include <chrono>
#include <fstream>
#include <set>
#include <sstream>
#include <thread>

#include "grader/base/descriptor.hpp"
#include "grader/base/text.hpp"

namespace grader::sandbox {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

std::string slurp(const fs::path& path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

std::int64_t number(std::string_view text) {
  std::int64_t value = 0;
  text = text::trim(text);
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

/// The value of "key value" in a flat file of the kernel's; 0 where it is missing.
std::int64_t field(const fs::path& path, std::string_view key) {
  const std::string content = slurp(path);
  for (const std::string_view line : text::lines(content)) {
    if (line.starts_with(key) && line.substr(key.size()).starts_with(' '))
      return number(line.substr(key.size()));
  }
  return 0;
}

/// True when the kernel took the text.
bool put(const fs::path& path, std::string_view text) {
  std::ofstream file(path);
  file << text << std::flush;
  return file.good();
}

/// Polls fast at first: most conditions hold within a millisecond.
template <typename Condition>
bool wait_until(const Condition& condition, std::chrono::milliseconds limit) {
  const auto deadline = std::chrono::steady_clock::now() + limit;
  auto pause = 100us;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    std::this_thread::sleep_for(pause);
    pause = std::min(pause * 2, std::chrono::microseconds(20'000));
  }
  return true;
}

}  // namespace

Result<Cgroups> Cgroups::find() { return parse(slurp("/proc/self/mountinfo")); }

Result<Cgroups> Cgroups::parse(std::string_view mountinfo) {
  Cgroups result;
  for (const std::string_view line : text::lines(mountinfo)) {
    // 25 20 0:21 / /sys/fs/cgroup/memory rw,… shared:9 - cgroup cgroup rw,memory
    const auto separator = line.find(" - ");
    if (separator == std::string_view::npos) continue;
    const auto left = text::split(line.substr(0, separator), ' ');
    const auto right = text::split(line.substr(separator + 3), ' ');
    if (left.size() < 5 || right.size() < 3) continue;
    const fs::path mount(left[4]);
    if (right[0] == "cgroup") {
      for (const std::string_view option : text::split(right[2], ','))
        result.mounts_.emplace(option, mount);
    } else if (right[0] == "cgroup2") {
      const std::string controllers = slurp(mount / "cgroup.controllers");
      for (const std::string_view name : text::split(text::trim(controllers), ' '))
        if (!name.empty()) result.mounts_.emplace(name, mount);
      result.mounts_.emplace("", mount);
    }
  }
  // Version 2 has no controller for these: every group can be frozen and counts its time.
  if (const auto two = result.mounts_.find(""); two != result.mounts_.end()) {
    const fs::path mount = two->second;
    result.mounts_.emplace("freezer", mount);
    result.mounts_.emplace("cpuacct", mount);
  }
  for (const std::string name : {"memory", "pids", "cpu", "cpuacct", "freezer"}) {
    if (!result.mounts_.contains(name))
      return fail(
          ErrorKind::sandbox, "the control group controller «" + name + "» is missing",
          "/sys/fs/cgroup",
          "run where control groups are mounted writable, with the controllers memory, pids "
          "and cpu (in a container: --privileged --cgroupns=host)");
  }
  return result;
}

bool Cgroups::unified(const std::string& controller) const {
  const auto two = mounts_.find("");
  return two != mounts_.end() && mounts_.at(controller) == two->second;
}

fs::path Cgroups::folder(const std::string& controller, const std::string& box) const {
  return mounts_.at(controller) / box;
}

std::int64_t Cgroups::cpu_us(const std::string& box) const {
  const fs::path group = folder("cpuacct", box);
  if (unified("cpuacct")) return field(group / "cpu.stat", "usage_usec");
  return number(slurp(group / "cpuacct.usage")) / 1000;
}

Counters Cgroups::counters(const std::string& box) const {
  Counters result;
  result.cpu_us = cpu_us(box);
  result.pids_refused = field(folder("pids", box) / "pids.events", "max");
  const fs::path memory = folder("memory", box);
  if (unified("memory")) {
    result.peak_bytes = static_cast<std::uint64_t>(number(slurp(memory / "memory.peak")));
    result.oom_kills = field(memory / "memory.events", "oom_kill");
  } else {
    result.peak_bytes =
        static_cast<std::uint64_t>(number(slurp(memory / "memory.max_usage_in_bytes")));
    result.oom_kills = field(memory / "memory.oom_control", "oom_kill");
  }
  return result;
}

Result<void> Cgroups::freeze(const std::string& box, bool frozen) const {
  const fs::path group = folder("freezer", box);
  const bool two = unified("freezer");
  const std::string_view wanted = frozen ? "FROZEN" : "THAWED";
  const auto order = [&] {
    return two ? put(group / "cgroup.freeze", frozen ? "1" : "0")
               : put(group / "freezer.state", wanted);
  };
  int looks = 0;
  const auto reached = [&] {
    if (two) return field(group / "cgroup.events", "frozen") == (frozen ? 1 : 0);
    if (text::trim(slurp(group / "freezer.state")) == wanted) return true;
    // Version 1 stays FREEZING where a thread waits for one that is frozen already, as in execve()
    // of a program with threads: let all go on for a moment (runc does so too).
    if (frozen && ++looks % 4 == 0) {
      put(group / "freezer.state", "THAWED");
      std::this_thread::sleep_for(1ms);
    }
    order();
    return false;
  };
  if (!order() || !wait_until(reached, 5s))
    return fail(ErrorKind::sandbox, frozen ? "a box cannot be frozen" : "a box cannot be thawed",
                group.string(), "run this again");
  return {};
}

std::vector<std::string> Cgroups::groups(std::string_view prefix) const {
  std::set<std::string> names;
  for (const auto& [controller, mount] : mounts_) {
    std::error_code ignored;
    for (const auto& entry : fs::directory_iterator(mount, ignored)) {
      const std::string name = entry.path().filename().string();
      if (name.starts_with(prefix) && entry.is_directory(ignored)) names.insert(name);
    }
  }
  return {names.begin(), names.end()};
}

void Cgroups::kill_processes(const fs::path& group) const {
  const std::string listed = slurp(group / "cgroup.procs");
  for (const std::string_view line : text::lines(listed)) {
    const auto pid = static_cast<pid_t>(number(line));
    if (pid <= 1) continue;
    // A number may have been given to another process since it was read: hold it, then look again.
    const Descriptor process(static_cast<int>(syscall(SYS_pidfd_open, pid, 0)));
    if (!process.valid()) continue;
    const std::string again = slurp(group / "cgroup.procs");
    for (const std::string_view still : text::lines(again))
      if (number(still) == pid) syscall(SYS_pidfd_send_signal, process.get(), SIGKILL, nullptr, 0);
  }
}

bool Cgroups::remove(const std::string& box) const {
  std::set<fs::path> left;
  std::error_code ignored;
  for (const auto& [controller, mount] : mounts_)
    if (fs::is_directory(mount / box, ignored)) left.insert(mount / box);
  if (left.contains(folder("freezer", box))) {
    // What is frozen does not die.
    if (auto thawed = freeze(box, false); !thawed) return false;
  }
  return wait_until(
      [&] {
        std::erase_if(left, [&](const fs::path& group) {
          kill_processes(group);
          // A process is gone from the group a moment after it is dead.
          return rmdir(group.c_str()) == 0 || errno == ENOENT;
        });
        return left.empty();
      },
      5s);
}

}  // namespace grader::sandbox
