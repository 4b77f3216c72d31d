#include <algorithm>
#include <set>

#include "grader/base/text.hpp"
#include "grader/project/parts.hpp"
#include "grader/python/parse_each.hpp"

namespace grader::project {
namespace {

constexpr std::uint64_t largest_file = 5U << 20U;
constexpr std::size_t most_modules = 5'000;

/// True if a manage.py is Django's: it names DJANGO_SETTINGS_MODULE or a management command runner.
bool is_manage_py(const python::Module& module) {
  return file_name(module.path()) == "manage.py" &&
         text::contains_any(module.text(), {"DJANGO_SETTINGS_MODULE", "execute_from_command_line",
                                            "execute_manager"});
}

std::vector<python::Source> python_sources(const Files& files, std::vector<std::string>& warnings) {
  std::vector<python::Source> sources;
  for (const auto& entry : files.entries) {
    if (entry.symlink || !entry.path.ends_with(".py") || is_vendored(entry.path, files)) continue;
    if (entry.size > largest_file || sources.size() >= most_modules) {
      warnings.push_back(entry.path + " was left out: " +
                         (entry.size > largest_file ? "larger than 5 MiB" : "too many files"));
    } else if (auto text = files.text(entry.path)) {
      sources.push_back({entry.path, std::move(*text)});
    } else {
      warnings.push_back(entry.path + " was left out: not text");
    }
  }
  return sources;
}

std::vector<python::Module> parse_all(const Files& files, std::vector<std::string>& warnings) {
  auto modules = python::parse_each(python_sources(files, warnings));
  for (const auto& module : modules) {
    if (module.cut()) warnings.push_back(module.path() + " is nested deeper than is followed");
  }
  return modules;
}

/// Folders with a manage.py: the one with the most Python below it first, then the shallowest.
std::vector<std::string> django_roots(const std::vector<python::Module>& modules) {
  std::vector<std::pair<std::size_t, std::string>> ranked;
  for (const auto& module : modules) {
    if (!is_manage_py(module)) continue;
    const std::string root = folder_of(module.path());
    const auto below = std::ranges::count_if(modules, [&](const auto& other) {
      return root.empty() || other.path().starts_with(root + "/");
    });
    ranked.emplace_back(static_cast<std::size_t>(below), root);
  }
  std::ranges::sort(ranked, [](const auto& a, const auto& b) {
    if (a.first != b.first) return a.first > b.first;
    return std::pair(a.second.size(), a.second) < std::pair(b.second.size(), b.second);
  });
  std::vector<std::string> roots;
  for (auto& [count, root] : ranked) roots.push_back(std::move(root));
  return roots;
}

/// sys.path.append(BASE_DIR / 'apps'): then the folders that hold apps are roots as well.
void add_extended_path(const std::vector<python::Module>& modules,
                       std::vector<std::string>& roots) {
  const bool extended = std::ranges::any_of(modules, [](const python::Module& module) {
    return text::contains_any(module.text(), {"sys.path.append", "sys.path.insert", "sys.path +="});
  });
  if (!extended) return;
  std::set<std::string> parents;
  for (const auto& module : modules) {
    const auto name = file_name(module.path());
    if (name == "models.py" || name == "apps.py") {
      parents.insert(folder_of(folder_of(module.path())));
    }
  }
  roots.insert(roots.end(), parents.begin(), parents.end());
}

}  // namespace

Project read_program(Files files) {
  std::vector<std::string> warnings;
  std::vector<python::Module> modules = parse_all(files, warnings);
  const std::vector<std::string> roots = django_roots(modules);
  std::vector<std::string> search = roots;
  add_extended_path(modules, search);
  search.emplace_back();
  Project project;
  project.files = std::move(files);
  project.program = python::Program(std::move(modules), std::move(search));
  project.warnings = std::move(warnings);
  if (!roots.empty()) {
    project.django_root = roots.front().empty() ? "." : roots.front();
    project.other_roots.assign(roots.begin() + 1, roots.end());
  }
  return project;
}

}  // namespace grader::project
