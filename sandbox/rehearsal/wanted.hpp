#pragma once

#include <optional>
#include <string>
#include <vector>

#include "sandbox/rehearsal/plan.hpp"

namespace grader::sandbox {

/// One thing to install, and what is taken in its place where the index has no wheel for it.
struct Wanted {
  std::string line;                       ///< "django==4.2.16"
  std::vector<std::string> alternatives;  ///< nearest first; an empty one leaves it out
  Location at;                            ///< the candidate's line; no path where there is none
  std::string reason;                     ///< why it is wanted though no line names it, or empty
};

/// What the submission asks for: its lines, or where it has none what its imports come from. Django
/// is always among them, in the series that the settings file names where no line does.
std::vector<Wanted> wanted(const Plan& plan);

/// The distribution to add for a module that could not be imported: from the table, or the
/// submission's own line. Nothing for modules of its own and for names that nobody vouches for.
std::optional<Wanted> wanted_for_import(std::string_view module, const Plan& plan);

}  // namespace grader::sandbox
