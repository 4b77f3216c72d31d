#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "checks/check.hpp"

namespace grader::checks {

/// The lines at `at` (at most 12) as evidence; secret values are masked by the caller's `quote`
/// where it is given.
grading::Evidence code(const Facts& facts, const Location& at, std::string note = {});

/// A trace as evidence: the place of each step, quoted.
std::vector<grading::Evidence> trace(const Facts& facts, const std::vector<project::Step>& steps);

/// `violated` at a place.
grading::Finding violated(const Facts& facts, const Location& at, std::string message,
                          grading::Severity severity);

/// `violated` of the whole submission: something is absent.
grading::Finding absent(std::string message, grading::Severity severity);

/// `met` with the evidence that shows it.
grading::Finding met(std::string message, std::vector<grading::Evidence> evidence = {});

grading::Finding not_applicable(std::string message);

/// `undetermined` because of the submission: its code cannot be followed there.
grading::Finding unclear(std::string message, std::vector<grading::Evidence> evidence = {});

/// `undetermined` because of us: a stage that this check needs was not run or failed.
grading::Finding not_looked_at(std::string message);

}  // namespace grader::checks
