#include "grader/base/result.hpp"

namespace grader {

std::string to_string(const Error& error) {
  std::string text = error.where.empty() ? error.what : error.where + ": " + error.what;
  if (!error.hint.empty()) text += "\n  next: " + error.hint;
  return text;
}

}  // namespace grader
