#pragma once

#include <functional>
#include <string>

#include "grader/base/result.hpp"
#include "grader/submission/submission.hpp"

namespace grader::submission {

struct FetchProgress {
  std::size_t received_objects = 0;
  std::size_t total_objects = 0;  ///< 0 as long as the server has not said
  std::uint64_t received_bytes = 0;
};

struct FetchOptions {
  std::string ref;      ///< branch, tag or commit; empty: the default branch
  std::string scratch;  ///< where fetched repositories lie while they are read; empty: $TMPDIR
  Limits limits;
  std::function<void(const FetchProgress&)> on_progress;
};

/// Opens a local repository in place, or fetches one over https or ssh in a child process with
/// limits. Errors name the source (credentials removed), the reason and the next step.
Result<Submission> fetch(const Source& source, const FetchOptions& options = {});

}  // namespace grader::submission
