#pragma once

#include <string_view>

namespace grader::checks {

/// True if what this check finds is asked of the candidate and costs nothing: GRADER_QUESTION in
/// checks/catalogue.def. Such a finding has low confidence and severity info.
bool is_question(std::string_view id);

}  // namespace grader::checks
