#pragma once

#include <string>
#include <vector>

#include "grader/base/result.hpp"

namespace grader::cli {

struct BatchOptions {
  std::string list;  ///< a file of sources, one a line, or a folder of repositories
  std::string out;
  std::string rubric = "password_manager";
  std::vector<std::string> formats;   ///< as of `grade`
  std::vector<std::string> audience;  ///< as of `grade`
  std::string language = "en";
  bool anonymous = false;  ///< as of `grade`; folders are named by numbers
  int jobs = 1;
  bool static_only = false;
  bool lint = true;
  bool probe = true;
};

/// Grades many submissions, each in a child process of its own with limits. A submission whose
/// report is there already is not graded again, unless it was to be run and could not be; a child
/// that dies is a row with its error. Prints a table, and writes it into `out` as index.html (where
/// html is wanted) and batch.csv.
Result<int> batch(const BatchOptions& options);

}  // namespace grader::cli
