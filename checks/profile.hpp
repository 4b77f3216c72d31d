#pragma once

#include "checks/check.hpp"
#include "grader/grading/profile.hpp"

namespace grader::checks {

/// The facts about a submission in the published keys, as the static stages and the rehearsal see
/// them.
grading::Profile profile_of(const Facts& facts);

}  // namespace grader::checks
