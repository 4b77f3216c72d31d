#pragma once

#include <cstdint>

#include "sandbox/probe/observed.hpp"
#include "sandbox/probe/prober/world.hpp"

namespace grader::sandbox::prober {

/// Meets the application once with the random values of `seed`, and where something accuses it,
/// once more with others: what is seen both times is confirmed.
Probe meet(const Places& places, std::uint64_t seed);

}  // namespace grader::sandbox::prober
