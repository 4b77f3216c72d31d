#pragma once
// Private to grader/submission.

#include <functional>

#include "grader/submission/fetch.hpp"
#include "grader/submission/fetch_wire.hpp"

namespace grader::submission {

/// Fetches all branches and tags into a new bare repository in the request's directory and points
/// its HEAD at the default branch. Once in a process. Errors have no `where`.
Result<void> download(const FetchRequest& request,
                      const std::function<void(const FetchProgress&)>& on_progress);

}  // namespace grader::submission
