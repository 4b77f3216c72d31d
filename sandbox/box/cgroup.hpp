#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "grader/base/result.hpp"

namespace grader::sandbox {

/// What the kernel counted for one box.
struct Counters {
  std::int64_t cpu_us = 0;
  std::uint64_t peak_bytes = 0;
  std::int64_t oom_kills = 0;
  std::int64_t pids_refused = 0;
};

/// The control groups of this machine, version 1, 2 or both (hybrid). Boxes lie directly below the
/// top of each hierarchy, under their id.
class Cgroups {
 public:
  /// Reads the mount table. An Error where a controller that limits need is missing.
  static Result<Cgroups> find();

  /// The same from text, for tests: `mountinfo` as in proc(5); the folders named in it are used.
  static Result<Cgroups> parse(std::string_view mountinfo);

  /// What the control groups counted for this box, read before it is deleted.
  Counters counters(const std::string& box) const;
  std::int64_t cpu_us(const std::string& box) const;

  /// Stops or continues all processes; returns once the kernel has done it.
  Result<void> freeze(const std::string& box, bool frozen) const;

  /// Names of all groups at the top level that start with `prefix`, each once.
  std::vector<std::string> groups(std::string_view prefix) const;

  /// SIGKILL to all processes of a group, until none is left, and removes it. False if it remains.
  bool remove(const std::string& box) const;

 private:
  std::filesystem::path folder(const std::string& controller, const std::string& box) const;
  bool unified(const std::string& controller) const;
  void kill_processes(const std::filesystem::path& group) const;

  std::map<std::string, std::filesystem::path> mounts_;  ///< by controller; "" = version 2
};

}  // namespace grader::sandbox
