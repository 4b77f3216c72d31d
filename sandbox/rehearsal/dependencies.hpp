#pragma once
// Private to sandbox/rehearsal: what is installed, and which repairs that takes.

#include <string>
#include <vector>

#include "sandbox/environment/install.hpp"
#include "sandbox/rehearsal/rehearsal.hpp"
#include "sandbox/rehearsal/repairs.hpp"

namespace grader::sandbox {

/// What to install for these wishes, nothing released after `newest`.
InstallRequest install_request(const Arrangement& arrangement, const std::string& newest);

/// True where some line does not say which version it wants: then the day matters.
bool is_open(const std::vector<Wanted>& wanted);

/// Adds pytest and pytest-django where they are not wanted yet, as a repair.
void want_test_runner(Arrangement& arrangement);

/// The repairs of the installation and of the arrangement, in the order of the ladder.
std::vector<Repair> repairs_of(const Installed& installed, const Arrangement& arrangement,
                               const Plan& plan);

/// Those of the settings overlay and of the migrations.
void add_climb_repairs(std::vector<Repair>& repairs, const Climb& climb, const Plan& plan);

/// Writes into each rung the names of the repairs that were in force on it.
void name_repairs(Rehearsal& rehearsal);

}  // namespace grader::sandbox
