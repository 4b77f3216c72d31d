#pragma once

#include <cstdint>
#include <initializer_list>
#include <string_view>
#include <vector>

#include "checks/findings.hpp"

namespace grader::checks {

/// The answer to «are entries kept in one of these bad ways?»: violated at each write path that
/// does so, undetermined where it could not be followed, not applicable without a model of entries.
std::vector<grading::Finding> kept_as(const Facts& facts,
                                      std::initializer_list<project::Transform> bad,
                                      std::string_view verdict, std::string_view good);

/// Who writes: the application itself, or Django's admin site.
enum class Way : std::uint8_t { application, admin };

/// The answer to «is the secret saved as typed on one of these ways though others protect it?».
std::vector<grading::Finding> forgotten_paths(const Facts& facts, Way way);

}  // namespace grader::checks
