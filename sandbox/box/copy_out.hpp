#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

namespace grader::sandbox {

/// A file that a box left behind: its bytes, or why they were not taken.
struct Copied {
  enum class Status {
    copied,
    absent,   ///< no such file
    refused,  ///< a link, no regular file, too large, or leads out
  };
  Status status = Status::absent;
  std::string bytes;  ///< hostile
  std::string reason;
};

/// Reads the regular file `name` (relative) below `root`, a directory whose content is hostile but
/// no longer changes. Never follows a link, never crosses a mount point, never blocks on a FIFO,
/// refuses files with a second name (hard links) and files above `cap` bytes.
Copied copy_out(const std::filesystem::path& root, std::string_view name, std::uint64_t cap);

}  // namespace grader::sandbox
