#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "grader/base/result.hpp"

namespace grader::process {

/// A trusted helper program of ours (runc, npm, our own fetch child): never the candidate's code.
struct Command {
  std::vector<std::string> argv;         ///< argv[0] without a slash is looked up in the PATH of
                                         ///< `environment`, or in ours where that has none
  std::vector<std::string> environment;  ///< "NAME=value", complete: nothing is inherited
  std::string directory;                 ///< working directory; empty = ours
  std::string input;                     ///< bytes for stdin; empty = /dev/null
  std::chrono::milliseconds wall{60'000};
  std::size_t output_cap = 1 << 20;  ///< bytes kept of stdout and of stderr each, head and tail
  std::vector<int> inherit;          ///< descriptors that stay open, at 3, 4, … in this order
  int out = -1;                      ///< a descriptor for stdout in place of Outcome::out
  int err = -1;                      ///< a descriptor for stderr in place of Outcome::err
  /// What a program gets to clean up, after SIGTERM, before it is killed at the wall limit or an
  /// interrupt.
  std::chrono::milliseconds grace{0};
  bool ignore_interrupt = false;  ///< for cleaning up, which must also happen after Ctrl-C
};

/// How a program ended and what it printed.
struct Outcome {
  enum class Status { exited, signalled, timed_out, interrupted };
  Status status = Status::exited;
  int code = 0;    ///< exit code when exited
  int signal = 0;  ///< when signalled
  std::string out;
  std::string err;
  bool truncated = false;  ///< more than output_cap bytes came on one of the two
  std::chrono::milliseconds wall{0};
  bool ok() const { return status == Status::exited && code == 0; }
};

/// Called with each chunk of stderr as it arrives, for progress.
using OnChunk = std::function<void(std::string_view)>;

/// Runs to its end, its wall limit or an interrupt; in the latter two its process group is killed
/// with SIGKILL. Output that arrives after its end (from a daemon of its) is not waited for. An
/// Error only if the program could not be started.
Result<Outcome> run(const Command& command, const OnChunk& on_stderr = {});

/// Our own environment's values of these names, as "NAME=value", where they are set.
std::vector<std::string> inherited(const std::vector<std::string>& names);

}  // namespace grader::process
