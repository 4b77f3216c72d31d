#pragma once

#include <atomic>
#include <filesystem>
#include <map>
#include <mutex>
#include <string>

#include "grader/base/descriptor.hpp"
#include "grader/base/result.hpp"
#include "sandbox/box/cgroup.hpp"

namespace grader::sandbox {

/// What one grader process owns on this machine while it makes boxes:
///   /run/grader-UID/TOKEN/{lock,runc/,boxes/ID/,roots/N/,volumes/N/}
/// TOKEN/lock is locked as long as its grader lives, so that others know what is stale. Not below
/// XDG_RUNTIME_DIR, which nobody else may enter: the box's user must be able to.
class HostState {
 public:
  /// Takes a token, and sweeps what dead graders left.
  static Result<std::shared_ptr<HostState>> open();

  /// Unmounts and removes everything below the token.
  ~HostState();
  HostState(const HostState&) = delete;
  HostState& operator=(const HostState&) = delete;

  const Cgroups& cgroups() const { return cgroups_; }
  std::filesystem::path folder(std::string_view name) const { return directory_ / name; }

  /// A new name for a box: "grader-TOKEN-N".
  std::string next_id();

  /// The root file system seen read-only, without setuid and devices, where the box's user may
  /// enter; mounted at its first use.
  Result<std::filesystem::path> mounted_root(const std::filesystem::path& root);

 private:
  HostState(std::filesystem::path directory, Descriptor lock, Cgroups cgroups, std::string token);

  std::filesystem::path directory_;
  Descriptor lock_;
  Cgroups cgroups_;
  std::string token_;
  std::atomic<int> boxes_{0};
  std::mutex mutex_;
  std::map<std::filesystem::path, std::filesystem::path> roots_;
};

/// A folder on disk for the images of volumes, private to this user; XDG_CACHE_HOME is obeyed.
std::filesystem::path cache_folder();

}  // namespace grader::sandbox
