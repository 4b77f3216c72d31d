#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "sandbox/box/box.hpp"
#include "sandbox/environment/protocol.hpp"
#include "sandbox/rehearsal/plan.hpp"
#include "sandbox/rehearsal/rehearsal.hpp"

namespace grader::sandbox {

/// The rungs that the climbing driver takes in one box, in their order.
inline constexpr std::array<const char*, 6> climbed_rungs{"settings", "check", "migrations",
                                                          "migrate",  "serve", "routes"};

/// A rung that has not been tried.
Rung untried(std::string_view name);

/// What stopped a climb. Everything here is the candidate's text.
struct Failure {
  std::string rung;
  std::vector<std::string> chain;   ///< "Type: message", the exception first, then its causes
  std::string missing;              ///< module that could not be imported, or empty
  std::vector<std::string> places;  ///< "path:line" in their files, the innermost last
  std::string output;

  /// All of `chain` in one text, for matching.
  std::string text() const;
};

/// One climb as its records claim it.
struct Climb {
  std::vector<Rung> rungs;          ///< of climbed_rungs, all of them
  std::optional<Failure> failure;   ///< what stopped it; migrations that do not match do not
  std::vector<Repair> repairs;      ///< what the settings overlay changed
  std::vector<std::string> labels;  ///< apps whose migrations were made in the scratch copy
  std::vector<RouteAnswer> routes;
  /// Supplied variables that nothing looked up, or only in a way that goes on without them.
  std::vector<std::string> needless;
  std::string python;  ///< "3.11.2"
  std::string django;
};

/// Failed rungs are `failed` with cause none here: whose fault it is, a control run decides.
Climb climb_of(const Records& records, const BoxResult& result, const Plan& plan);

/// The place that "path:line" names; a whole-file or empty one for other text.
Location location_of(const std::string& place);

}  // namespace grader::sandbox
