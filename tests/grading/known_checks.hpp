#pragma once

#include <string>
#include <vector>

/// Ids that a rubric may name: those of the catalogue.
inline const std::vector<std::string>& known_checks() {
  static const std::vector<std::string> ids = {
#define GRADER_CHECK(family, name) #family "." #name,
#include "checks/catalogue.def"
#undef GRADER_CHECK
  };
  return ids;
}
