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
  std::string report;  ///< report.json: it is rewritten, and the other formats beside it
  std::string rubric = "password_manager";
  std::string criterion;
  std::string points;
  std::string by;
  std::string why;
};

/// Puts a person's mark in place of an automatic one, with its reason, grades anew, and writes
/// every file of the report anew that stands beside it.
Result<int> override_mark(const OverrideOptions& options);

struct RenderOptions {
  std::string report;  ///< report.json
  std::string out;
  std::vector<std::string> formats;   ///< as of `grade`
  std::vector<std::string> audience;  ///< as of `grade`
  std::string language;               ///< "en", "ru"; empty: the report's own
};

/// Writes formats of a stored report; nothing is graded.
Result<int> render(const RenderOptions& options);

struct VerifyOptions {
  std::string report;  ///< report.json
  std::string source;  ///< where the submission is now; empty: where it was
  std::string rubric;  ///< empty: the one that comes along and has the report's id
};

/// Grades the commit of a report again with its inputs, and prints whether the same came: 0. Where
/// a member of the report was changed, the rubric is another one or another report came, what
/// differs first is printed: 1.
Result<int> verify(const VerifyOptions& options);

}  // namespace grader::cli
