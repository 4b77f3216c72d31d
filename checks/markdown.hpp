#pragma once

#include <string>

namespace grader::checks {

/// docs/checks.md: every check of the catalogue by family, with what is bad, why, what to do
/// instead, its severity and its reference.
std::string checks_markdown();

}  // namespace grader::checks
