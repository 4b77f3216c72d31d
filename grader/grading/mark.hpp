#pragma once

#include <cstdint>

#include "grader/grading/answers.hpp"
#include "grader/grading/grade.hpp"
#include "grader/grading/rubric.hpp"

namespace grader::grading {

/// What `criterion` earns, what is open and why. `lines` are those that a deduction per lines of
/// code is measured by; 0 where they are not known.
Mark mark(const Criterion& criterion, const Answers& answers, std::int64_t lines);

}  // namespace grader::grading
