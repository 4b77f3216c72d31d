#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "sandbox/box/box.hpp"

namespace grader::sandbox {

/// One limit of boxes, tried out on this machine by a program that runs into it.
struct Trial {
  std::string name;     ///< "memory"
  std::string promise;  ///< what holds, plain words: "more than allowed is killed"
  bool held = false;    ///< false: boxes on this machine do not keep the promise
  std::string saw;      ///< what happened, for a person
  std::int64_t milliseconds = 0;
};

/// Tries every limit, each in a box of its own; two seconds together. An Error where no box can be
/// made at all.
Result<std::vector<Trial>> try_limits(const Sandbox& sandbox, const std::filesystem::path& root);

/// Whether every trial held.
bool all_held(const std::vector<Trial>& trials);

/// What the outcome of trials depends on besides our own program: kernel, runtime, control groups.
std::string machine_facts();

/// The trials, once for each machine, runtime and program: a record below `cache` says that they
/// held. An Error of kind sandbox names the limit that does not hold, and the next step.
Result<void> ensure_proven(const Sandbox& sandbox, const std::filesystem::path& root,
                           const std::filesystem::path& cache);

}  // namespace grader::sandbox
