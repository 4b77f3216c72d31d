#include <fmt/format.h>

#include <filesystem>

#include "grader/cli/verbs.hpp"
#include "grader/dossier/bank.hpp"

namespace grader::cli {
namespace {

/// A folder is a question bank.
Result<std::vector<grading::RubricProblem>> problems_of(const std::string& path) {
  std::error_code error;
  if (!std::filesystem::is_directory(path, error)) {
    return grading::read_rubric(path, check_ids()).problems;
  }
  const auto files = dossier::bank_files(path);
  if (!files) return tl::unexpected(files.error());
  return dossier::read_bank(*files, check_ids()).problems;
}

}  // namespace

Result<int> lint_rubric(const std::string& file) {
  const auto problems = problems_of(file);
  if (!problems) return tl::unexpected(problems.error());
  for (const auto& problem : *problems) fmt::print("{}\n", grading::to_string(problem));
  if (!problems->empty()) {
    return fail(ErrorKind::rubric, fmt::format("{} mistake(s)", problems->size()), file);
  }
  fmt::print("{}: no mistakes\n", file);
  return 0;
}

}  // namespace grader::cli
