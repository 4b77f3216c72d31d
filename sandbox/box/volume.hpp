#pragma once

#include <filesystem>
#include <memory>

#include "sandbox/box/box.hpp"
#include "sandbox/box/state.hpp"

namespace grader::sandbox {

/// One mounted volume.
struct VolumeImpl {
  std::shared_ptr<HostState> state;
  std::filesystem::path path;
  bool on_disk = false;

  VolumeImpl() = default;
  VolumeImpl(const VolumeImpl&) = delete;
  VolumeImpl& operator=(const VolumeImpl&) = delete;
  ~VolumeImpl();
};

/// ext4 on a loop device over a file without a name, where that can be had; else tmpfs.
Result<std::shared_ptr<const VolumeImpl>> make_volume(std::shared_ptr<HostState> state,
                                                      std::uint64_t bytes);

/// True when (nearly) no block or no inode is left in the file system mounted at `path`.
bool is_full(const std::filesystem::path& path);

}  // namespace grader::sandbox
