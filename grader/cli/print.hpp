#pragma once

#include <filesystem>
#include <string>

#include "grader/base/result.hpp"

namespace grader::cli {

/// Prints a page of ours to `pdf` by headless Chromium: a process of its own with an empty profile,
/// without names of hosts, 60 s, and files of at most 256 MiB. An Error of kind usage,
/// with the next step, where no Chromium is installed or it gives no page.
Result<void> print_page(const std::string& html, const std::filesystem::path& pdf);

}  // namespace grader::cli
