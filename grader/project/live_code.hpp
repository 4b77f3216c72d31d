#pragma once

#include <string_view>

#include "grader/python/syntax.hpp"

namespace grader::project {

/// The text of a definition up to where its body can no longer be reached: a function after the
/// statement that leaves it on every way (return, raise, an if whose branches all do). A class, and
/// a function without such a statement, is live to its end.
std::string_view live_text(python::Node definition);

}  // namespace grader::project
