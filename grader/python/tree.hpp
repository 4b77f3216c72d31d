#pragma once

#include <string>
#include <vector>

#include "grader/python/syntax.hpp"

namespace grader::python {

/// A node as it is stored: nodes stand in pre-order, so that the subtree of node i is i..next.
struct Record {
  Kind kind = Kind::error;
  Field field = Field::nothing;
  std::uint32_t start = 0;
  std::uint32_t end = 0;
  std::uint32_t line = 0;
  std::uint32_t end_line = 0;
  std::uint32_t parent = 0;
  std::uint32_t next = 0;  ///< index of the first node after this one's subtree
};

/// A whole parsed file.
struct Tree {
  std::string path;
  std::string text;
  std::vector<Record> nodes;
  std::vector<std::uint32_t> line_starts;
  std::uint32_t first_error = 0;
  bool has_error = false;
  bool cut = false;
};

}  // namespace grader::python
