#include "grader/submission/fetch.hpp"

#include "grader/submission/open.hpp"

namespace grader::submission {

Result<Submission> fetch(const Source& source, const FetchOptions& options) {
  if (!source.remote()) {
    return open_submission(source, source.path, options.ref, options.limits, {});
  }
  return fail(ErrorKind::submission, "this build cannot fetch over a network yet", source.text,
              "clone it first and give the path");
}

}  // namespace grader::submission
