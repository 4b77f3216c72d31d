#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "grader/base/text.hpp"
#include "grader/project/parts.hpp"

namespace grader::project {
namespace {

using python::Kind;
using python::Node;

/// Folders that tools and editors make: named by themselves, once.
constexpr auto tool_folders = std::to_array<std::string_view>(
    {"__pycache__", ".idea", ".vscode", ".vs", ".history", ".pytest_cache", ".mypy_cache",
     ".ruff_cache", ".ipynb_checkpoints", ".tox", ".nox", "htmlcov", "node_modules",
     "bower_components", ".sass-cache", ".settings", "__MACOSX"});

/// Files that systems and tools leave: named by themselves, once.
constexpr auto tool_files = std::to_array<std::string_view>(
    {".DS_Store", "Thumbs.db", "desktop.ini", ".coverage", "celerybeat-schedule", "nohup.out",
     "dump.rdb", ".python_history", "npm-debug.log", "yarn-error.log"});

constexpr auto environment_names =
    std::to_array<std::string_view>({"venv", ".venv", "env", "ENV", "virtualenv", "virtenv"});

/// A copied library of this many files is no work of the candidate's.
constexpr int many_files = 500;

template <std::size_t size>
bool among(std::string_view name, const std::array<std::string_view, size>& names) {
  return std::ranges::find(names, name) != names.end();
}

bool ends_with_any(std::string_view name, std::initializer_list<std::string_view> endings) {
  return std::ranges::any_of(endings, [&](auto ending) { return name.ends_with(ending); });
}

bool is_database(std::string_view name) {
  return ends_with_any(name, {".sqlite3", ".sqlite", ".db", ".sqlite3-journal", ".mdb"}) ||
         name.starts_with("db.sqlite3");
}

bool is_left_over(std::string_view name) {
  return ends_with_any(name, {".swp", ".swo", ".bak", ".orig", "~", ".log", ".tmp"}) ||
         ends_with_any(name, {".zip", ".rar", ".7z", ".exe", ".msi"});
}

/// True for a folder that is a virtual environment, also one of which only parts were committed.
bool is_environment(std::string_view folder, const Files& files) {
  const std::string base(folder);
  if (std::ranges::binary_search(files.environments(), base)) return true;
  if (!among(file_name(folder), environment_names)) return false;
  const auto inside = [&](std::string_view part) {
    const std::string prefix = base + "/" + std::string(part) + "/";
    const auto next = std::ranges::lower_bound(files.entries, prefix, {}, &Files::Entry::path);
    return next != files.entries.end() && next->path.starts_with(prefix);
  };
  return inside("bin") || inside("Scripts") || inside("lib") || inside("Lib") || inside("include");
}

class Junk {
 public:
  explicit Junk(const Project& project) : project_(project), files_(project.files) {
    if (const auto* settings = project.main_settings()) {
      const auto* media = settings->find("MEDIA_ROOT");
      if (media != nullptr && media->value.is_string() && media->known()) {
        media_ = file_name(media->value.text);
      }
    }
  }

  std::vector<std::string> run() {
    for (const auto& entry : files_.entries) {
      if (!folders(entry.path)) file(entry.path);
    }
    return {found_.begin(), found_.end()};
  }

 private:
  /// True if a folder above the file is named as junk: what lies in it is not looked at.
  bool folders(std::string_view path) {
    for (auto slash = path.find('/'); slash != path.npos; slash = path.find('/', slash + 1)) {
      const std::string folder(path.substr(0, slash));
      const auto known = judged_.find(folder);
      const std::string name = known != judged_.end() ? known->second : judge(folder);
      if (known == judged_.end()) judged_.emplace(folder, name);
      if (name.empty()) continue;
      found_.insert(name);
      return true;
    }
    return false;
  }

  /// How this folder is named as junk, or empty.
  std::string judge(const std::string& folder) {
    const auto name = file_name(folder);
    if (among(name, tool_folders) || name.ends_with(".egg-info")) return std::string(name);
    if (is_environment(folder, files_)) return folder;
    if (name == "site-packages") return site_packages(folder);
    const bool collected = files_.has(folder + "/admin/css/base.css");
    if (collected || (name == "staticfiles" && at_root(folder))) return folder;
    if (at_root(folder) && (name == "media" || name == media_)) return folder;
    const bool copied = name == "vendor" && folder.find("static") != std::string::npos &&
                        count_below(folder) > many_files;
    return copied ? folder : std::string();
  }

  /// An environment without its scripts: named after its top folder ("env/Lib/site-packages").
  std::string site_packages(const std::string& folder) const {
    std::string top = folder_of(folder);
    if (file_name(top).starts_with("python")) top = folder_of(top);
    if (text::lower(file_name(top)).starts_with("lib")) top = folder_of(top);
    return top.empty() ? folder : top;
  }

  bool at_root(const std::string& folder) const {
    const std::string above = folder_of(folder);
    return above.empty() || above == project_.django_root;
  }

  int count_below(const std::string& folder) const {
    int count = 0;
    const std::string prefix = folder + "/";
    auto entry = std::ranges::lower_bound(files_.entries, prefix, {}, &Files::Entry::path);
    while (entry != files_.entries.end() && entry->path.starts_with(prefix) &&
           count <= many_files) {
      ++count;
      ++entry;
    }
    return count;
  }

  void file(const std::string& path) {
    const auto name = file_name(path);
    if (among(name, tool_files)) {
      found_.insert(std::string(name));
    } else if (name.ends_with(".pyc") || name.ends_with(".pyo")) {
      found_.insert("*.pyc");
    } else if (is_environment_file(name) || is_database(name) || is_left_over(name)) {
      found_.insert(path);
    }
  }

  const Project& project_;
  const Files& files_;
  std::string media_;
  std::map<std::string, std::string, std::less<>> judged_;
  std::set<std::string> found_;
};

/// True for statements that only Python 2 reads: print without parentheses, `except X, e`, <>.
bool is_python2(const python::Module& module) {
  for (const Node node : module.root().descendants()) {
    if (node.is(Kind::exec_statement)) return true;
    if (node.is(Kind::print_statement)) {
      const auto after = text::trim(node.text().substr(5));
      if (!after.starts_with('(')) return true;
    }
    if (node.is(Kind::comparison_operator)) {
      for (const Node part : node.children()) {
        if (part.field() == python::Field::operators && part.text() == "<>") return true;
      }
    }
  }
  return false;
}

/// The folder of the app that a models module belongs to.
std::string app_folder(std::string_view models_path) {
  std::string folder = folder_of(models_path);
  if (file_name(folder) == "models") folder = folder_of(folder);
  return folder;
}

void read_migrations(const Project& project, Inventory& inventory) {
  std::set<std::string> folders;
  for (const auto& model : project.models.all) {
    if (!model.abstract) folders.insert(app_folder(model.at.path));
  }
  for (const auto& folder : folders) {
    const std::string prefix = (folder.empty() ? "" : folder + "/") + std::string("migrations/");
    const bool committed = std::ranges::any_of(project.files.entries, [&](const auto& entry) {
      return entry.path.starts_with(prefix) && entry.path.ends_with(".py") &&
             file_name(entry.path) != "__init__.py" && folder_of(entry.path) + "/" == prefix;
    });
    if (committed) {
      inventory.migrations_committed = true;
    } else {
      inventory.apps_without_migrations.push_back(folder.empty() ? "." : folder);
    }
  }
}

bool is_compose(std::string_view name) {
  const bool yaml = name.ends_with(".yml") || name.ends_with(".yaml");
  return yaml && (name.starts_with("docker-compose") || name.starts_with("compose"));
}

}  // namespace

bool is_environment_file(std::string_view name) {
  const std::string lowered = text::lower(name);
  if (!lowered.starts_with(".env") && !lowered.ends_with(".env")) return false;
  if (lowered.starts_with(".env") && lowered.size() > 4 && lowered[4] != '.' && lowered[4] != '-' &&
      lowered[4] != '_') {
    return false;
  }
  return !text::contains_any(
      lowered, {"example", "sample", "template", "dist", "default", ".test", "dummy"});
}

Inventory read_inventory(const Project& project) {
  Inventory inventory;
  inventory.junk = Junk(project).run();
  for (const auto& entry : project.files.entries) {
    if (is_vendored(entry.path, project.files)) continue;
    const std::string name = text::lower(file_name(entry.path));
    inventory.dockerfile = inventory.dockerfile || name.starts_with("dockerfile") ||
                           name.ends_with(".dockerfile") || name == "containerfile";
    inventory.compose = inventory.compose || is_compose(name);
  }
  for (const auto& module : project.program.modules()) {
    ++inventory.python_files;
    inventory.python_lines += module.line_count();
    if (is_python2(module)) inventory.python2_files.push_back(module.path());
  }
  read_migrations(project, inventory);
  return inventory;
}

}  // namespace grader::project
