#include <algorithm>
#include <set>

#include "checks/findings.hpp"

namespace grader::checks::models {
namespace {

std::vector<grading::Finding> run(const Facts& facts) {
  std::vector<grading::Finding> findings;
  std::set<std::string> asked;
  const auto& files = facts.project.files;
  for (const auto& model : facts.project.models.all) {
    if (model.abstract) continue;
    std::string folder = project::folder_of(model.at.path);
    if (project::file_name(folder) == "models") folder = project::folder_of(folder);
    if (!asked.insert(folder).second) continue;
    const std::string prefix = folder.empty() ? "migrations/" : folder + "/migrations/";
    const bool committed = std::ranges::any_of(files.entries, [&](const auto& entry) {
      return entry.path.starts_with(prefix) && entry.path.ends_with(".py") &&
             !entry.path.ends_with("__init__.py");
    });
    if (committed) continue;
    findings.push_back(violated(
        facts, model.at,
        "The app in " + (folder.empty() ? "." : folder) + " has models and no committed migration.",
        grading::Severity::medium));
  }
  if (asked.empty()) return {not_applicable("There are no models.")};
  if (findings.empty()) findings.push_back(met("Every app with models has committed migrations."));
  return findings;
}

}  // namespace

extern constinit const Check migrations_missing{
    .title = "Migrations are missing",
    .why = "The tables cannot be made on another machine as they were made on the author's.",
    .fix =
        "Run makemigrations and commit the migrations folder of every app. See "
        "https://docs.djangoproject.com/en/stable/topics/migrations/",
    .reference = "",
    .severity = grading::Severity::medium,
    .run = run,
};

}  // namespace grader::checks::models
