#include "grader/project/project.hpp"

#include "grader/project/parts.hpp"

namespace grader::project {

const SettingsModule* Project::main_settings() const {
  return settings.empty() ? nullptr : &settings.front();
}

namespace {

std::string auth_user_model(const Project& project) {
  const SettingsModule* settings = project.main_settings();
  if (settings == nullptr) return {};
  const auto setting = settings->values.find("AUTH_USER_MODEL");
  return setting != settings->values.end() ? setting->second.value.text : std::string();
}

}  // namespace

Project model(Files files) {
  Project project = read_program(std::move(files));
  project.settings = read_settings(project);
  project.environment = read_environment(project);
  project.committed_secrets = read_committed_secrets(project);
  project.dependencies = read_dependencies(project);
  project.readme = read_readme(project);
  project.models = read_models(project.program, auth_user_model(project));
  project.templates = read_templates(project.files, project.warnings);
  follow_views(project);
  find_features(project);
  project.tests = read_tests(project);
  project.inventory = read_inventory(project);
  const flow::Flow flow = flow::follow(project);
  project.secrets = read_secrets(project, flow);
  for (auto& remark : remarks(project)) project.warnings.push_back(std::move(remark));
  project.hazards = read_hazards(project, flow);
  project.repeated_queries = read_repeated_queries(project, flow);
  project.contradictions = read_contradictions(project);
  return project;
}

}  // namespace grader::project
