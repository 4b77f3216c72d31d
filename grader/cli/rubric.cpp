#include <fmt/format.h>

#include "grader/cli/verbs.hpp"

namespace grader::cli {

Result<int> lint_rubric(const std::string& file) {
  const auto reading = grading::read_rubric(file, check_ids());
  for (const auto& problem : reading.problems) fmt::print("{}\n", grading::to_string(problem));
  if (!reading.problems.empty()) {
    return fail(ErrorKind::rubric, fmt::format("{} mistake(s)", reading.problems.size()), file);
  }
  fmt::print("{}: no mistakes\n", file);
  return 0;
}

}  // namespace grader::cli
