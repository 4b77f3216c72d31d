#pragma once

#include <string>

#include "sandbox/probe/observed.hpp"

namespace grader::sandbox::prober {

/// What the prober prints at its end.
std::string printed(const Probe& probe);

}  // namespace grader::sandbox::prober
