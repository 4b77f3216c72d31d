#pragma once

#include "sandbox/environment/protocol.hpp"
#include "sandbox/rehearsal/rehearsal.hpp"

namespace grader::sandbox {

/// Remarks kept of one tool.
inline constexpr std::size_t remarks_cap = 5'000;

/// The report that the lint driver's records make. Remarks about files that were not asked for, at
/// impossible places or of unknown tools are dropped; `problem` is set where the driver did not
/// end.
LintReport lint_report(const Records& records, const std::vector<std::string>& files);

}  // namespace grader::sandbox
