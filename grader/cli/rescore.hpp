#pragma once

#include <string>
#include <vector>

#include "grader/base/result.hpp"

namespace grader::cli {

struct RescoreOptions {
  std::vector<std::string> reports;  ///< report.json files, or folders of reports
  std::string rubric = "password_manager";
};

/// Grades stored findings by another rubric and prints a table of before and after. Nothing of a
/// candidate is run and no report is changed.
Result<int> rescore(const RescoreOptions& options);

struct OverrideOptions {
  std::string report;  ///< report.json: it is rewritten
  std::string rubric = "password_manager";
  std::string criterion;
  std::string points;
  std::string by;
  std::string why;
};

/// Puts a person's mark in place of an automatic one, with its reason, and grades anew.
Result<int> override_mark(const OverrideOptions& options);

}  // namespace grader::cli
