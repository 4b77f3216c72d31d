#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "grader/base/text.hpp"
#include "grader/grading/rubric.hpp"

namespace grader::grading {
namespace {

constexpr std::size_t max_bytes = 1 << 20;
constexpr std::size_t max_shown = 100;  ///< characters of a source line

/// Code points of UTF-8, each as its bytes.
std::vector<std::string_view> code_points(std::string_view utf8) {
  std::vector<std::string_view> result;
  std::size_t start = 0;
  for (std::size_t i = 1; i <= utf8.size(); ++i) {
    if (i < utf8.size() && (static_cast<unsigned char>(utf8[i]) & 0xC0U) == 0x80U) continue;
    result.push_back(utf8.substr(start, i - start));
    start = i;
  }
  return result;
}

/// The part of the line around the column, and a caret under it.
std::string quote(const RubricProblem& problem) {
  const auto points = code_points(problem.source_line);
  const auto column = std::min(static_cast<std::size_t>(problem.column - 1), points.size());
  const std::size_t start = column < max_shown - 20 ? 0 : column - (max_shown - 20);
  std::string line = start > 0 ? "…" : "";
  std::string indent = start > 0 ? " " : "";
  for (std::size_t i = start; i < std::min(points.size(), start + max_shown); ++i) {
    const std::string shown = points[i] == "\t" ? " " : text::printable(points[i]);
    line += shown;
    if (i < column) indent.append(code_points(shown).size(), ' ');
  }
  if (start + max_shown < points.size()) line += "…";
  const std::string number = std::to_string(problem.line);
  return "  " + number + " | " + line + "\n  " + std::string(number.size(), ' ') + " | " + indent +
         "^\n";
}

}  // namespace

std::string to_string(const RubricProblem& problem) {
  std::string text = text::printable(problem.file);
  if (problem.line > 0) {
    text += ":" + std::to_string(problem.line) + ":" + std::to_string(problem.column);
  }
  text += ": " + text::printable(problem.what) + "\n";
  if (problem.line > 0) text += quote(problem);
  if (!problem.hint.empty()) text += "  " + text::printable(problem.hint) + "\n";
  return text;
}

Result<std::string> read_rubric_file(const std::string& path) {
  std::error_code code;
  const auto status = std::filesystem::status(path, code);
  if (!std::filesystem::exists(status)) {
    return fail(ErrorKind::rubric, "no such rubric file", path);
  }
  if (!std::filesystem::is_regular_file(status)) {
    return fail(ErrorKind::rubric, "a rubric is a regular file", path);
  }
  const std::uintmax_t size = std::filesystem::file_size(path, code);
  std::ifstream file(path, std::ios::binary);
  std::string bytes(std::min<std::uintmax_t>(code ? max_bytes : size, max_bytes) + 1, '\0');
  file.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  if (file.bad() || !(file.good() || file.eof())) {
    return fail(ErrorKind::rubric, "the rubric file cannot be read", path, "check its permissions");
  }
  bytes.resize(static_cast<std::size_t>(file.gcount()));
  if (bytes.size() > max_bytes) {
    return fail(ErrorKind::rubric, "a rubric file has at most 1 MiB", path);
  }
  return bytes;
}

}  // namespace grader::grading
