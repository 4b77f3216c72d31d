#pragma once

#include "sandbox/box/box.hpp"
#include "sandbox/environment/drive.hpp"
#include "sandbox/environment/host.hpp"
#include "sandbox/probe/observed.hpp"

namespace grader::sandbox {

/// What the server box is made of, as the rehearsal left it.
struct ProbeRequest {
  /// Mounts, interpreter, limits and configuration of a drive of the candidate's code.
  Drive server;
  std::vector<std::string> labels;  ///< apps whose migrations have to be made first
  std::chrono::seconds limit{60};   ///< of all together
  std::uint64_t seed = 1;           ///< of the random names and values
};

/// Meets the application as two users and nobody: a box that serves it, a box of ours that asks, a
/// box of ours that reads the database files. An Error is ours; what belongs to the submission is
/// in the result.
Result<Probe> probe(const Sandbox& sandbox, const Host& host, const ProbeRequest& request);

/// What the prober printed, as a value. Texts come out as valid UTF-8, capped.
Probe probe_of(const std::string& printed);

}  // namespace grader::sandbox
