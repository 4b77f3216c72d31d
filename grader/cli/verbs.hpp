#pragma once

#include <string>
#include <vector>

#include "grader/base/result.hpp"
#include "grader/cli/pipeline.hpp"

namespace grader::cli {

struct GradeOptions {
  GradeRequest request;
  std::string out;                        ///< folder for report files; empty: none are written
  std::vector<std::string> formats;       ///< html, json, md, sarif, junit
  std::vector<std::string> audience;      ///< interviewer, recruiter, candidate: of html and md
  std::optional<std::string> fail_under;  ///< percent
  std::optional<std::string> fail_on;     ///< gate, critical, high, medium, low
  bool annotations = false;               ///< lines for GitHub's runner after the summary
  bool with_parent = false;               ///< ends when the process that started it dies
  bool json = false;                      ///< the report as JSON on stdout
};

/// One file a verb. Each gives the exit code; an Error is printed by main.
Result<int> grade(const GradeOptions& options);
Result<int> list_checks();
Result<int> explain(const std::string& id);
Result<int> lint_rubric(const std::string& file);

/// Tries every limit of boxes on this machine and prints what came of it.
Result<int> doctor();

/// What goes out of the cache.
struct PruneOptions {
  int days = 30;       ///< what was not used for so long
  bool roots = false;  ///< root file systems of boxes too
};
Result<int> show_cache();
Result<int> prune_cache(const PruneOptions& options);
Result<int> verify_cache(bool remove);

/// An error as the command line prints it, to stderr; its exit code.
int report_error(const Error& error);

}  // namespace grader::cli
