#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "grader/base/result.hpp"
#include "grader/grading/rubric.hpp"
#include "grader/report/report.hpp"

namespace grader::cli {

/// What one grading is asked for.
struct GradeRequest {
  std::string source;
  std::string ref;
  std::string rubric = "password_manager";  ///< name of one that comes along, or a file
  std::string credentials_file;
  std::string ssh_key;
  std::string language = "en";  ///< "en" or "ru"
  bool static_only = false;
  bool lint = true;
  bool probe = true;                  ///< meet the running application
  bool anonymous = false;             ///< without names and addresses of people
  int keep_days = 180;                ///< how long the report may be kept
  std::optional<std::int64_t> as_of;  ///< seconds since 1970; nothing: now
};

/// fetch → model → lint → rehearse → inspect → grade, with progress on stderr. An Error is ours or
/// the submission's being unreadable; everything else is in the report.
Result<report::Report> grade_submission(const GradeRequest& request);

/// The rubric of this name in the folder that comes along, or the file.
Result<grading::Rubric> find_rubric(const std::string& name_or_file);

/// The folder of rubrics that comes along, or an Error where it is not installed.
Result<std::string> rubrics_folder();

/// Ids of all checks.
std::vector<std::string> check_ids();

}  // namespace grader::cli
