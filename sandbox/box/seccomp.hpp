#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace grader::sandbox {

/// One system call that is decided by its arguments (seccomp_rule_add(3)).
struct CallRule {
  enum class Test { equal, not_equal, greater, masked_equal };
  struct Argument {
    std::uint32_t index;
    Test test;
    std::uint64_t value;       ///< the mask for masked_equal
    std::uint64_t masked = 0;  ///< what the masked argument must be
  };
  std::string_view call;
  std::uint32_t error = 0;          ///< 0: allowed; else refused with this errno
  std::vector<Argument> arguments;  ///< all must hold
};

/// System calls that every box may make with any argument: the default profile of container engines
/// (containers-common, seccomp.json) without capabilities, less what has a history of breaking out:
/// ptrace and its kin, keyrings, bpf, perf, userfaultfd, io_uring and aio, name spaces and mounts,
/// open_by_handle_at, personality, splice and its kin; and inotify, whose instances are counted
/// against the host's root also when made in a user namespace (user_namespaces(7),
/// max_inotify_instances). All others fail with ENOSYS.
std::vector<std::string_view> allowed_calls();

/// clone() without new name spaces, personality() that only asks, and socket(): AF_UNIX, and with
/// `network` also TCP and UDP over IPv4 and IPv6 and NETLINK_ROUTE. Other families fail with
/// EAFNOSUPPORT (a box without network could otherwise still reach the host by AF_VSOCK).
std::vector<CallRule> call_rules(bool network);

}  // namespace grader::sandbox
