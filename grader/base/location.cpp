#include "grader/base/location.hpp"

namespace grader {

std::string to_string(const Location& location) {
  if (location.line == 0) return location.path;
  return location.path + ":" + std::to_string(location.line);
}

}  // namespace grader
