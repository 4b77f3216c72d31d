#pragma once

#include <string>

#include "grader/base/result.hpp"

namespace grader::submission {

/// A fresh directory of our own, mode 0700, removed with all that is in it when the value goes.
/// Holds a lock, so that the next run can tell a directory whose owner was killed.
class Scratch {
 public:
  Scratch() = default;
  Scratch(Scratch&& other) noexcept;
  Scratch& operator=(Scratch&& other) noexcept;
  ~Scratch();

  /// Under `parent`, or where that is empty under $TMPDIR or /tmp. Directories that killed runs
  /// left there are removed first.
  static Result<Scratch> make(const std::string& parent);

  /// Empty for a value that holds nothing.
  const std::string& path() const { return path_; }

 private:
  void remove() noexcept;

  std::string path_;
  int lock_ = -1;
};

}  // namespace grader::submission
