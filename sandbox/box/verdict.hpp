#pragma once

#include <chrono>

#include "sandbox/box/box.hpp"
#include "sandbox/box/cgroup.hpp"

namespace grader::sandbox {

/// Who ended a box.
enum class Ended { itself, wall, cpu, output, killed, interrupted };

/// The facts about a box that has ended.
struct Ending {
  Ended by = Ended::itself;
  bool known = true;   ///< false where the kernel did not tell us its exit status: our fault
  bool exited = true;  ///< process 1 exited; else it was ended by a signal
  int number = 0;      ///< exit code or signal of process 1
  std::chrono::milliseconds wall{0};
  Counters counters;
  bool volume_full = false;
};

/// Status, code, signal, counters and detail; the output is left empty.
BoxResult judge(const Ending& ending, const Limits& limits);

}  // namespace grader::sandbox
