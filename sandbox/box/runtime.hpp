#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string>

#include "grader/base/result.hpp"

/// The command line of the OCI runtime. `state` is its own directory (runc --root).
namespace grader::sandbox::runtime {

/// The runtime's path, or how to get it.
Result<std::filesystem::path> find();

/// Makes the box of bundle/config.json; its process waits to be started. `out` and `err` become its
/// stdout and stderr. Its process id on the host.
Result<pid_t> create(const std::filesystem::path& state, const std::filesystem::path& bundle,
                     const std::string& id, int out, int err);

/// Lets the box run.
Result<void> start(const std::filesystem::path& state, const std::string& id);

/// Kills what still runs of the box, and forgets it. Also after an interrupt.
bool remove(const std::filesystem::path& state, const std::string& id);

}  // namespace grader::sandbox::runtime
