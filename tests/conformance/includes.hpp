#pragma once

#include <vector>

#include "tests/conformance/problem.hpp"

namespace grader::conformance {

/// Rule "layering": a folder includes only what the table in includes.cpp allows it.
std::vector<Problem> check_layering(const std::vector<Source>& sources);

/// Rule "third-party": a library's header is included only where the table in includes.cpp says;
/// the ones that are slow to compile never in a header of ours.
std::vector<Problem> check_third_party(const std::vector<Source>& sources);

/// Rule "file-length": a file has at most 450 lines, and a warning from 300 (a check's file from
/// 120).
std::vector<Problem> check_file_lengths(const std::vector<Source>& sources);

}  // namespace grader::conformance
