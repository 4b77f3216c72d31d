#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sandbox/box/box.hpp"
#include "sandbox/box/mount_plan.hpp"

namespace grader::sandbox {

/// Who a box is on the host: ids that no account has, so that a process that got out could not
/// touch anything of anybody's.
inline constexpr std::uint32_t host_root_id = 1'879'048'192;     ///< uid 0 of the box (mounts only)
inline constexpr std::uint32_t host_user_id = host_root_id + 1;  ///< uid 65534 of the box

/// The parts of a box that its spec does not say.
struct Placement {
  std::string id;    ///< also the name of its control group
  std::string root;  ///< where the root file system is mounted for the runtime
  std::vector<PlannedMount> mounts;
};

/// config.json of the Open Container Initiative's runtime specification 1.0.2: the policy of
/// «BoxSpec» and what holds for every box. Resource limits above ours are lowered to ours.
std::string oci_config(const BoxSpec& spec, const Placement& placement);

}  // namespace grader::sandbox
