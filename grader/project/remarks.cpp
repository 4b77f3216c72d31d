// What a reader should know of the submission as a whole before the findings about its parts.
#include <algorithm>
#include <string_view>

#include "grader/base/text.hpp"
#include "grader/project/parts.hpp"

namespace grader::project {
namespace {

constexpr std::size_t most_names = 5;
constexpr std::size_t most_gaps = 3;

std::string listed(std::vector<std::string> names) {
  const std::size_t left_out = names.size() > most_names ? names.size() - most_names : 0;
  names.resize(names.size() - left_out);
  return text::join(names, ", ") +
         (left_out > 0 ? " and " + std::to_string(left_out) + " more" : std::string());
}

std::string place(const std::string& folder) {
  return folder == "." ? std::string("the top folder") : folder;
}

bool imports_django(const Project& project) {
  return std::ranges::any_of(project.program.imported_modules(), [](std::string_view name) {
    return name == "django" || name.starts_with("django.");
  });
}

std::vector<std::string> about_python(const Project& project) {
  if (project.program.modules().empty()) {
    return {"There is no Python file in this commit: is it the right repository and branch?"};
  }
  const auto& old = project.inventory.python2_files;
  if (old.empty()) return {};
  return {"Written for Python 2, which no supported Django runs on: " + listed(old) + "."};
}

std::vector<std::string> about_django(const Project& project) {
  if (project.program.modules().empty()) return {};
  if (!project.has_django() && !imports_django(project)) {
    return {"There is Python code, but nothing of Django in it: is it the right repository?"};
  }
  if (project.django_root.empty()) {
    return {"There is no manage.py: the application cannot be started the usual way."};
  }
  if (project.other_roots.empty()) return {};
  return {"There are several Django projects. Graded is the one in " + place(project.django_root) +
          ", not: " + listed(project.other_roots) + "."};
}

std::vector<std::string> about_settings(const Project& project) {
  const SettingsModule* settings = project.main_settings();
  if (settings == nullptr) return {};
  std::vector<std::string> result;
  for (const auto& gap : settings->gaps) {
    if (result.size() == most_gaps) break;
    result.push_back("Settings may differ from what is said here: " + gap + ".");
  }
  return result;
}

}  // namespace

std::vector<std::string> remarks(const Project& project) {
  std::vector<std::string> result;
  for (const auto& part : {about_python(project), about_django(project), about_settings(project)}) {
    result.insert(result.end(), part.begin(), part.end());
  }
  return result;
}

}  // namespace grader::project
