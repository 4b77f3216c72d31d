#pragma once

#include <string>
#include <vector>

#include "grader/base/result.hpp"
#include "grader/grading/grade.hpp"

namespace grader::grading {

/// A person's mark in place of the automatic one.
struct Override {
  std::string criterion;  ///< id, "security.encryption"
  Decimal points;
  std::string by;   ///< who
  std::string why;  ///< required: it stands in the report
};

/// The grade with these marks in place of the automatic ones; the reasons of each name the old one.
/// An Error of kind usage for a criterion that the rubric lacks, more points than it has, a missing
/// name or reason, or two marks of one criterion.
Result<Grade> overruled(const std::vector<Finding>& findings, const Rubric& rubric,
                        const Basis& basis, const std::vector<Override>& overrides);

}  // namespace grader::grading
