#include "grader/project/project.hpp"

#include "grader/project/parts.hpp"

namespace grader::project {

const SettingsModule* Project::main_settings() const {
  return settings.empty() ? nullptr : &settings.front();
}

Project model(Files files) {
  Project project = read_program(std::move(files));
  project.readme = read_readme(project);
  return project;
}

}  // namespace grader::project
