#pragma once

#include <string>

#include "grader/report/report.hpp"

namespace grader::report {

/// Lines that GitHub's runner shows beside the code: one ::error, ::warning or ::notice a violated
/// finding with a place, most severe first, at most 50 (the runner keeps few more). Text of a
/// submission cannot end a line or begin a command (GitHub Docs, "Workflow commands": % , : and
/// line ends are escaped).
std::string to_annotations(const Report& report);

}  // namespace grader::report
