#pragma once

#include <string_view>

namespace grader::report {

/// The bytes of a file of html/ ("page.mustache", "style.css"), or nothing where there is none. The
/// build generates the definition (embed.cmake).
std::string_view asset(std::string_view name);

}  // namespace grader::report
