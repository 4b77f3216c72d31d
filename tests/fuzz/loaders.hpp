#pragma once

#include <cstdint>
#include <cstdlib>
#include <initializer_list>
#include <string_view>

#include "tests/project/memory.hpp"

namespace grader::fuzz {

/// Ends the program where something does not hold: that is what a fuzzer looks for.
inline void require(bool holds) {
  if (!holds) std::abort();
}

/// The bytes of an input.
inline std::string bytes_of(const std::uint8_t* data, std::size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

/// A place has to be in a file of the submission, or nowhere.
inline void require_place(const project::Project& project, const Location& at) {
  require(at.line >= 0);
  require(at.path.empty() || project.files.has(at.path));
}

/// The model of a submission of these files, with its places looked at.
inline project::Project checked_model(
    std::initializer_list<std::pair<const std::string, std::string>> files) {
  project::Project project = project::model(project::files_of(files));
  for (const auto& secret : project.committed_secrets) require_place(project, secret.at);
  for (const auto& hazard : project.hazards) require_place(project, hazard.at);
  for (const auto& test : project.tests.cases) require_place(project, test.at);
  for (const auto& view : project.views.all) require_place(project, view.at);
  for (const auto& one : project.contradictions) {
    require_place(project, one.at);
    require_place(project, one.found_at);
  }
  return project;
}

}  // namespace grader::fuzz
