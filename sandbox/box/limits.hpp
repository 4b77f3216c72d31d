#pragma once

#include "sandbox/box/box.hpp"

namespace grader::sandbox {

/// Installing what a submission requires: 2 GiB, 256 processes, 180 s, 1 GiB of scratch, files of
/// 512 MiB.
Limits install_limits();

/// Their tests: 1 GiB, 128 processes, 120 s, 90 s of processor time, 256 MiB of scratch.
Limits test_limits();

/// Their server while it is probed: 512 MiB, 64 processes.
Limits server_limits();

}  // namespace grader::sandbox
