#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "grader/base/result.hpp"
#include "grader/submission/submission.hpp"

namespace tests {

/// A directory under $TMPDIR or /tmp, removed at the end of the test.
class Directory {
 public:
  Directory();
  Directory(const Directory&) = delete;
  Directory& operator=(const Directory&) = delete;
  ~Directory();
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

/// Runs `git ARGUMENTS` in `directory` with no configuration of the machine; what it printed. Fails
/// the test where git fails.
std::string git(const std::string& directory, const std::string& arguments,
                const std::string& input = {});

/// Runs a shell command; what it printed. Fails the test where it fails.
std::string shell(const std::string& command, const std::string& input = {});

/// A bare repository made from a stream for `git fast-import`.
void import_stream(const std::string& directory, const std::string& stream);

/// The stream's form of a file: `M 100644 inline PATH`, with the content.
std::string file(std::string_view path, std::string_view content, std::string_view mode = "100644");

/// `commit refs/heads/BRANCH` of one author at second `time`.
std::string commit(std::string_view branch, int time, std::string_view message);

/// What materialise() wrote: "MODE SIZE PATH" or "link PATH -> TARGET", sorted; folders end in "/".
std::vector<std::string> listing(const std::string& directory);

grader::Result<grader::submission::Submission> open(const std::string& path,
                                                    const std::string& ref = {},
                                                    const grader::submission::Limits& limits = {});

/// The text of the first warning with this id, or nothing.
std::string warning(const grader::submission::Submission& submission, std::string_view id);

}  // namespace tests
