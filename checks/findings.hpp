#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "checks/check.hpp"

namespace grader::checks {

/// The lines at `at` (at most 12) as evidence; secret values are masked by the caller's `quote`
/// where it is given.
grading::Evidence code(const Facts& facts, const Location& at, std::string note = {});

/// The lines at `at` as evidence with this secret masked in them; where it does not stand there as
/// it is (joined from parts, escaped), all texts between quotes are hidden.
grading::Evidence code_without(const Facts& facts, const Location& at, std::string_view secret,
                               std::string note = {});

/// A secret as a message may show it.
std::string masked(const Facts& facts, std::string_view secret);

/// A trace as evidence: the place of each step, quoted.
std::vector<grading::Evidence> trace(const Facts& facts, const std::vector<project::Step>& steps);

/// `violated` at a place.
grading::Finding violated(const Facts& facts, const Location& at, std::string message,
                          grading::Severity severity);

/// `violated` of the whole submission: something is absent.
grading::Finding absent(std::string message, grading::Severity severity);

/// `met` with the evidence that shows it.
grading::Finding met(std::string message, std::vector<grading::Evidence> evidence = {});

/// There is nothing here that the rule speaks of.
grading::Finding not_applicable(std::string message);

/// `undetermined` because of the submission: its code cannot be followed there.
grading::Finding unclear(std::string message, std::vector<grading::Evidence> evidence = {});

/// `undetermined` because of us: a stage that this check needs was not run or failed.
grading::Finding not_looked_at(std::string message);

}  // namespace grader::checks
