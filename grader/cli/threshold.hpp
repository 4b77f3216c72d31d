#pragma once

#include <optional>
#include <string>

#include "grader/base/result.hpp"
#include "grader/report/report.hpp"

namespace grader::cli {

/// What makes a grading fail (exit 1), as given on the command line.
struct Threshold {
  std::optional<grading::Decimal> percent;    ///< the low bound is under it
  bool gate = false;                          ///< a gate has tripped
  std::optional<grading::Severity> severity;  ///< a violated finding is this bad or worse
};

/// Reads --fail-under and --fail-on; an Error of kind usage where they cannot be read.
Result<Threshold> parse_threshold(const std::optional<std::string>& fail_under,
                                  const std::optional<std::string>& fail_on);

/// True where the report misses the threshold.
bool misses(const report::Report& report, const Threshold& threshold);

}  // namespace grader::cli
