#pragma once

#include <filesystem>
#include <memory>

#include "grader/base/descriptor.hpp"
#include "sandbox/box/box.hpp"
#include "sandbox/box/state.hpp"

namespace grader::sandbox {

/// One mounted volume.
struct VolumeImpl {
  std::shared_ptr<HostState> state;
  std::filesystem::path path;
  bool on_disk = false;
  Descriptor image;  ///< the file under a loop device; invalid for a tmpfs

  VolumeImpl() = default;
  VolumeImpl(const VolumeImpl&) = delete;
  VolumeImpl& operator=(const VolumeImpl&) = delete;
  ~VolumeImpl();
};

/// ext4 on a loop device over a file without a name, where that can be had; else tmpfs.
Result<std::shared_ptr<const VolumeImpl>> make_volume(std::shared_ptr<HostState> state,
                                                      std::uint64_t bytes);

/// A read-only volume over a file of keep_volume(). The file may be in use by several volumes.
Result<std::shared_ptr<const VolumeImpl>> open_volume(std::shared_ptr<HostState> state,
                                                      const std::filesystem::path& file);

/// Makes the volume read-only and gives its image the name `file`, on the disk of the cache.
Result<void> keep_volume(const VolumeImpl& volume, const std::filesystem::path& file);

/// True when (nearly) no block or no inode is left in the file system mounted at `path`.
bool is_full(const std::filesystem::path& path);

}  // namespace grader::sandbox
