#pragma once

#include <map>
#include <string>
#include <vector>

#include "sandbox/rehearsal/climb_records.hpp"
#include "sandbox/rehearsal/plan.hpp"
#include "sandbox/rehearsal/wanted.hpp"

namespace grader::sandbox {

/// What is in force for the next climb, all of it outside the candidate's files.
struct Arrangement {
  std::vector<Wanted> wanted;                      ///< to be installed
  std::vector<std::string> from_source;            ///< of these, normalised names without wheels
  std::map<std::string, std::string> environment;  ///< variables that are supplied
  std::vector<Repair> repairs;                     ///< what was done so far
};

/// A small change that may let a climb go further.
struct RepairUnit {
  const char* name;  ///< "repair.missing_package"
  const char* what;  ///< one sentence for `explain`
  /// Changes the arrangement and says so in its repairs, or gives false where the failure is not
  /// one of its own, or where it has nothing left to try.
  bool (*apply)(const Failure& failure, const Plan& plan, Arrangement& arrangement);
};

/// In the order in which they are tried.
const std::vector<RepairUnit>& repair_units();

/// Supplies secrets that code reads late and without a default: the application starts without
/// them, and the first request that needs one fails.
void supply_late_secrets(const Plan& plan, Arrangement& arrangement);

/// Takes back a variable and what the repairs say of it.
void withdraw_variable(const std::string& name, Arrangement& arrangement);

/// What `repair.NAME` means, for `explain`; empty for an unknown name.
std::string_view explain_repair(std::string_view name);

}  // namespace grader::sandbox
