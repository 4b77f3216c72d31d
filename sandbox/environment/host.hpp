#pragma once

#include <filesystem>
#include <string>

#include "grader/base/result.hpp"
#include "sandbox/environment/rootfs.hpp"

namespace grader::sandbox {

/// What this machine has ready for boxes.
struct Host {
  std::filesystem::path root;     ///< root file system of boxes
  std::string root_digest;        ///< of its content
  std::filesystem::path tools;    ///< bin/uv, bin/ruff, pycodestyle.py
  std::filesystem::path drivers;  ///< holds the Python package grader_box
  std::filesystem::path cache;    ///< ours: wheels, lock files, environments
};

/// $XDG_CACHE_HOME/grader or ~/.cache/grader.
std::filesystem::path cache_of_user();

/// Finds tools and drivers beside the running program, and the cache in $XDG_CACHE_HOME or
/// ~/.cache. An Error of kind sandbox says what is missing and the next step. `root` stays empty.
Result<Host> find_host();

/// The same with the root file system, which is built where it is not in the cache yet.
Result<Host> prepare_host(const OnProgress& progress = {});

}  // namespace grader::sandbox
