#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "grader/base/result.hpp"
#include "grader/grading/grade.hpp"
#include "grader/report/report.hpp"

namespace grader::report {

/// What a report.json tells again: enough to grade it by another rubric, running nothing.
struct Stored {
  std::string source;
  std::string rubric;  ///< id of the one it was graded by
  std::string percent;
  std::string band;                        ///< title
  std::vector<grading::Finding> findings;  ///< with their places, without what they quote
  grading::Basis basis;
};

/// Reads the text of a report.json. An Error of kind usage where it is none, was cut, or has a
/// schema that this program does not know; `where` is its path.
Result<Stored> read_stored(std::string_view text, const std::string& where);

/// All of a report.json as a value, from which every format can be made again: what report.json
/// leaves out (people, whole messages of commits, raw exchanges) is empty. Errors as above.
Result<Report> read_report(std::string_view text, const std::string& where);

/// The first difference between two reports in reading order, `timing` and `seals` left out.
struct Difference {
  std::string at;   ///< "findings[3].message"
  std::string one;  ///< the value as JSON, cut; empty where there is none
  std::string two;
};
std::optional<Difference> first_difference(std::string_view one, std::string_view two);

/// What the grade of a report was made from.
grading::Basis basis_of(const Report& report);

}  // namespace grader::report
