#pragma once

#include <compare>
#include <string>
#include <string_view>
#include <vector>

namespace grader::conformance {

/// A place of our own tree that breaks a rule of docs/contributing.md.
struct Problem {
  std::string file;  ///< relative to the top of the tree
  int line = 0;      ///< from 1; 0 where the whole file is meant
  std::string rule;  ///< "layering", "function-length", …
  std::string message;
  bool warning = false;  ///< told, but no failure

  auto operator<=>(const Problem&) const = default;
};

/// "file:line: rule: message", as compilers print it.
std::string to_string(const Problem& problem);

/// One C++ file of ours.
struct Source {
  std::string path;  ///< relative to the top of the tree, '/' separated
  std::vector<std::string> lines;

  bool is_header() const { return path.ends_with(".hpp"); }
  bool is_test() const { return path.starts_with("tests/") || path.starts_with("bench/"); }
};

/// All C++ files below grader, checks, sandbox, tests and bench of the tree at `top`, sorted by
/// path, without the bad examples of this test.
std::vector<Source> read_sources(const std::string& top);

/// The bytes or lines of a file; nothing where it cannot be read.
std::string read_file(const std::string& path);
std::vector<std::string> read_lines(const std::string& path);

}  // namespace grader::conformance
