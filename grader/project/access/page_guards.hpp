#pragma once

#include <cstdint>
#include <set>
#include <string>

#include "grader/project/templates.hpp"
#include "grader/python/syntax.hpp"

namespace grader::project::access {

/// What a template asks before it writes a row: nothing, whether somebody is signed in, or
/// something of the person who asks.
enum class PageGuard : std::uint8_t { none, login, person };

/// The context variables of a page that matter here.
struct PageVariables {
  std::set<std::string> rows;      ///< rows with secrets
  std::set<std::string> harmless;  ///< their columns without secrets
  std::set<std::string> flags;     ///< what the view made of a test of the requester
};

/// The weakest guard around all the places where the page writes rows or what is secret of them;
/// none where it writes none of it. Conditions are read one by one: {% if %}, without what other
/// tags decide.
PageGuard guard_of(const Template& page, const PageVariables& variables);

/// Names that the function gives a value under a condition that looks at the user.
std::set<std::string> tested_names(python::Node function);

}  // namespace grader::project::access
