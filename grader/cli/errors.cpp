#include "grader/base/log.hpp"
#include "grader/base/text.hpp"
#include "grader/cli/verbs.hpp"

namespace grader::cli {

int report_error(const Error& error) {
  const std::string shown = to_string(error);
  for (const auto line : text::lines(shown)) log::error(line);
  return static_cast<int>(error.kind);
}

}  // namespace grader::cli
