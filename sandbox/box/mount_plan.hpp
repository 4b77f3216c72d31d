#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "grader/base/result.hpp"
#include "sandbox/box/box.hpp"

namespace grader::sandbox {

/// One mount(2) as the runtime will make it, in this order.
struct PlannedMount {
  std::string type;    ///< bind, tmpfs or proc
  std::string source;  ///< canonical for bind
  std::string target;
  std::vector<std::string> options;
};

/// All mounts of a box: /proc, /dev, /dev/shm, /tmp and those of the spec, parents first. A target
/// that is missing in the root file system gets its mount point on a read-only tmpfs over the empty
/// directory above it: the runtime must never create one in a directory of the host. Refuses what
/// is neither, and writable binds of anything outside `volumes`. Errors of kind internal: our
/// caller's.
Result<std::vector<PlannedMount>> plan_mounts(const BoxSpec& spec,
                                              const std::filesystem::path& volumes);

}  // namespace grader::sandbox
