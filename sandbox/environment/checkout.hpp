#pragma once

#include <filesystem>

#include "grader/submission/scratch.hpp"
#include "grader/submission/submission.hpp"

namespace grader::sandbox {

/// A submission's tree as files, for boxes to read; removed when the value goes.
struct Checkout {
  submission::Scratch folder;
  std::filesystem::path tree;  ///< readable for every user, inside a folder that only we can enter
};

/// Writes the tree to a folder that goes with the value.
Result<Checkout> check_out(const submission::Submission& submission);

}  // namespace grader::sandbox
