#pragma once

#include <string>

#include "sandbox/rehearsal/plan.hpp"

namespace grader::sandbox {

/// A value that stands in for one the candidate kept at home.
struct StandIn {
  std::string value;
  std::string shape;  ///< "key", "number", "switch", "list", "database", … for the report
};

/// A value of the shape that the variable's use, or else its name, asks for. The same for every
/// run.
StandIn stand_in(const PlannedVariable& variable);

/// False for names that the box itself sets, or that would steer Django or Python.
bool may_be_supplied(std::string_view name);

/// True for names of secrets that code often reads late, where the application starts without them.
bool names_a_secret(std::string_view name);

}  // namespace grader::sandbox
