#pragma once

#include "sandbox/box/box.hpp"
#include "sandbox/environment/protocol.hpp"
#include "sandbox/rehearsal/plan.hpp"
#include "sandbox/rehearsal/rehearsal.hpp"

namespace grader::sandbox {

/// Outcomes kept of one run.
inline constexpr std::size_t cases_cap = 5'000;

/// The candidate's test run as its records claim it, and whether the claims agree with each other,
/// with the box's end and with the tests found in the source. `runner` is "django" or "pytest".
TestRun test_run(const Records& records, const BoxResult& result, const std::string& runner,
                 const Plan& plan);

/// The first reason not to believe the run; empty where everything agrees.
std::string doubt_of(const Records& records, const BoxResult& result, const TestRun& run,
                     const Plan& plan);

/// Sorted ids that both runs have with another outcome.
std::vector<std::string> different_outcomes(const TestRun& run, const TestRun& other);

}  // namespace grader::sandbox
