#pragma once

#include <string>
#include <vector>

#include "tests/conformance/problem.hpp"

namespace grader::conformance {

/// Rule "catalogue": one line of checks/catalogue.def = one file checks/FAMILY/NAME.cpp = one
/// folder fixtures/FAMILY/NAME with a bad and a good side; nothing on one side that is not on the
/// others.
std::vector<Problem> check_catalogue(const std::string& top);

}  // namespace grader::conformance
