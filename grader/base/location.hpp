#pragma once

#include <compare>
#include <string>

namespace grader {

/// A place in the submission's tree. Lines and columns count from 1; line 0 means the whole file.
struct Location {
  std::string path;  ///< relative to the top of the submission's tree, '/' separated
  int line = 0;
  int column = 0;
  int end_line = 0;  ///< last line of the place; 0 where it is the same line

  auto operator<=>(const Location&) const = default;
};

/// "path:line", or "path" for a whole file.
std::string to_string(const Location& location);

}  // namespace grader
