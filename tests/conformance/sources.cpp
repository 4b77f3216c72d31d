#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "grader/base/text.hpp"
#include "tests/conformance/problem.hpp"

namespace grader::conformance {

namespace fs = std::filesystem;

std::string to_string(const Problem& problem) {
  std::string place = problem.file;
  if (problem.line > 0) place += ":" + std::to_string(problem.line);
  return place + ": " + problem.rule + ": " + problem.message;
}

std::string read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

std::vector<std::string> read_lines(const std::string& path) {
  const std::string bytes = read_file(path);
  const auto views = text::lines(bytes);
  return {views.begin(), views.end()};
}

std::vector<Source> read_sources(const std::string& top) {
  std::vector<Source> sources;
  for (const char* folder : {"grader", "checks", "sandbox", "tests", "bench"}) {
    const fs::path root = fs::path(top) / folder;
    if (!fs::exists(root)) continue;
    for (const auto& entry : fs::recursive_directory_iterator(root)) {
      const auto extension = entry.path().extension();
      if (!entry.is_regular_file() || (extension != ".cpp" && extension != ".hpp")) continue;
      std::string path = entry.path().lexically_relative(top).generic_string();
      if (path.starts_with("tests/conformance/bad/")) continue;
      sources.push_back({std::move(path), read_lines(entry.path())});
    }
  }
  std::ranges::sort(sources, {}, &Source::path);
  return sources;
}

}  // namespace grader::conformance
