#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "grader/base/result.hpp"
#include "grader/report/report.hpp"

namespace grader::cli {

/// Which files of a report are wanted.
struct Files {
  std::vector<std::string> formats;   ///< html, json, md, sarif, junit, pdf; empty: html, json, md
  std::vector<std::string> audience;  ///< interviewer, recruiter, candidate: of html, md and pdf;
                                      ///< empty: interviewer
};

/// Every format that report files have.
const std::vector<std::string>& format_names();

/// Writes the files of a report into `folder`, which is made, and trace.json where a probe left
/// one.
Result<void> write_reports(const report::Report& report, const std::string& folder,
                           const Files& files);

/// Writes those files of a report anew that stand in `folder`; their names.
Result<std::vector<std::string>> rewrite_reports(const report::Report& report,
                                                 const std::filesystem::path& folder);

/// Written beside its place and moved there, so that a full disk or an interrupt leaves no half
/// file.
Result<void> write_file(const std::filesystem::path& path, const std::string& text);

/// The text of a report.json, at most 64 MiB.
Result<std::string> read_report_file(const std::string& path);

}  // namespace grader::cli
