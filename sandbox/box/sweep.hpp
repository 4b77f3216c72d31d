#pragma once

#include <filesystem>
#include <string>

#include "grader/base/result.hpp"
#include "sandbox/box/cgroup.hpp"

namespace grader::sandbox {

/// "grader-TOKEN-": how the ids of all boxes of one grader start.
std::string box_prefix(std::string_view token);

/// The tokens of one state directory share their start, which no other directory's has: graders in
/// containers that share control groups, but not /run, must not take each other's boxes for stale.
Result<std::string> token_family(const std::filesystem::path& base);

/// Kills the boxes of one grader, unmounts what is mounted below `directory`, removes it and the
/// control groups. Nothing is removed where an unmount failed.
void remove_token(const std::filesystem::path& directory, const Cgroups& cgroups);

/// remove_token() for every token in `base` whose grader is dead, and the end of boxes that have no
/// token at all. The caller holds the lock of `base`.
void sweep(const std::filesystem::path& base, const Cgroups& cgroups);

/// Unmounts; lazily where something still uses it.
bool unmount(const std::filesystem::path& target);

}  // namespace grader::sandbox
