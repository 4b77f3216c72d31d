#pragma once

#include <filesystem>
#include <string>

#include "grader/base/result.hpp"

namespace grader::cli {

/// What a table of many gradings shows of one.
struct Summary {
  std::string percent;
  std::string low;
  std::string high;
  std::string band;   ///< plain words
  std::string basis;  ///< "full", "static"
};

/// Reads a report.json of at most 64 MiB. An Error where it is not there, or is no report.
Result<Summary> read_summary(const std::filesystem::path& report);

}  // namespace grader::cli
