#pragma once

#include <string>
#include <vector>

#include "grader/report/report.hpp"

namespace grader::report {

/// One submission of a hiring round, as a table of many shows it.
struct BatchRow {
  std::string folder;     ///< of its reports, below the page; letters, digits and ._+- alone
  bool has_page = false;  ///< report.html is in it
  std::string name;       ///< display_name(), or the folder where there is no report
  std::string source;
  std::string commit;
  std::string error;     ///< why there is no report; empty where there is one
  grading::Grade grade;  ///< without reasons, evidence and checks
};

/// The row of a report; its grade without what a table does not show.
BatchRow batch_row(const Report& report, const std::string& folder, bool has_page);

/// What stands in the way of one page: a heading and when it was made.
struct BatchInfo {
  std::string language = "en";
  std::int64_t as_of = 0;  ///< the newest of the reports
};

/// index.html: all submissions in one table that sorts itself (a script of ours, allowed by its
/// hash), with bars, bands, gates and links, and how each criterion was met. One self-contained
/// file.
std::string batch_html(const std::vector<BatchRow>& rows, const BatchInfo& info);

/// batch.csv: RFC 4180 in UTF-8, one line a submission; no cell begins a formula.
std::string batch_csv(const std::vector<BatchRow>& rows);

}  // namespace grader::report
