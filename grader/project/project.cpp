#include "grader/project/project.hpp"

#include <array>

#include "grader/base/interrupt.hpp"
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
  using Stage = void (*)(Project&, flow::Flow&);
  constexpr auto stages = std::to_array<Stage>({
      [](Project& project, auto&) { project.settings = read_settings(project); },
      [](Project& project, auto&) { project.environment = read_environment(project); },
      [](Project& project, auto&) { project.committed_secrets = read_committed_secrets(project); },
      [](Project& project, auto&) { project.dependencies = read_dependencies(project); },
      [](Project& project, auto&) { project.readme = read_readme(project); },
      [](Project& project, auto&) {
        project.models = read_models(project.program, auth_user_model(project));
      },
      [](Project& project, auto&) {
        project.templates = read_templates(project.files, project.warnings);
      },
      [](Project& project, auto&) { follow_views(project); },
      [](Project& project, auto&) { find_features(project); },
      [](Project& project, auto&) { project.tests = read_tests(project); },
      [](Project& project, auto&) { project.inventory = read_inventory(project); },
      [](Project& project, flow::Flow& flow) { flow = flow::follow(project); },
      [](Project& project, flow::Flow& flow) { project.secrets = read_secrets(project, flow); },
      [](Project& project, auto&) {
        for (auto& remark : remarks(project)) project.warnings.push_back(std::move(remark));
      },
      [](Project& project, flow::Flow& flow) { project.hazards = read_hazards(project, flow); },
      [](Project& project, flow::Flow& flow) {
        project.repeated_queries = read_repeated_queries(project, flow);
      },
      [](Project& project, auto&) { project.contradictions = read_contradictions(project); },
  });
  Project project = read_program(std::move(files));
  flow::Flow flow;
  for (const Stage stage : stages) {
    if (interrupt::requested()) break;
    stage(project, flow);
  }
  return project;
}

}  // namespace grader::project
