#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

#include "grader/base/result.hpp"

namespace grader::sandbox {

/// What boxes see as "/": a small Debian with Python and tini, without setuid files or devices.
struct RootFileSystem {
  std::filesystem::path path;  ///< for BoxSpec::root
  std::string digest;          ///< SHA-256 of its manifest (mode, size and content of each file)
  std::string interpreter = "/usr/bin/python3";  ///< in it
};

/// A line of progress, as it comes.
using OnProgress = std::function<void(std::string_view)>;

/// The root file system for this version of the recipe (build-rootfs), built if it is not in the
/// cache yet: under a minute, needs root, mmdebstrap and apt's sources. Errors of kind sandbox name
/// the next step.
Result<RootFileSystem> ensure_root_file_system(const OnProgress& progress = {});

/// The same with a database server besides: "postgresql". Twice the size, and built only when the
/// first submission needs it.
Result<RootFileSystem> ensure_root_with_server(const std::string& server,
                                               const OnProgress& progress = {});

}  // namespace grader::sandbox
