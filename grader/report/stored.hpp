#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "grader/base/result.hpp"
#include "grader/grading/grade.hpp"
#include "grader/grading/override.hpp"

namespace grader::report {

/// What a report.json tells again: enough to grade it by another rubric, running nothing.
struct Stored {
  std::string source;
  std::string rubric;  ///< id of the one it was graded by
  std::string percent;
  std::string band;                        ///< title
  std::vector<grading::Finding> findings;  ///< without quotations
  grading::Basis basis;
  std::vector<grading::Override> overrides;  ///< marks of people, in the order they were given
};

/// Reads the text of a report.json. An Error of kind usage where it is none, was cut, or has a
/// schema that this program does not know; `where` is its path.
Result<Stored> read_stored(std::string_view text, const std::string& where);

/// The same report with another grade and the ledger of overrides; all else stays.
Result<std::string> with_grade(std::string_view text, const grading::Grade& grade,
                               const std::vector<grading::Override>& overrides,
                               const std::string& where);

}  // namespace grader::report
