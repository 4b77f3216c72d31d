#include "grader/project/requirements.hpp"

#include <algorithm>
#include <set>

#include "grader/base/text.hpp"
#include "grader/project/distributions.hpp"
#include "grader/project/parts.hpp"

namespace grader::project {
namespace {

/// What a file of requirements is: smaller is rather the one that people install from.
enum class Kind { main, spelled, group, pipfile, pyproject, setup, conda, development, none };

bool has_any(std::string_view name, std::initializer_list<std::string_view> parts) {
  return text::contains_any(name, parts);
}

Kind kind_of(std::string_view path) {
  const std::string name = text::lower(file_name(path));
  const std::string folder = folder_of(path);
  const bool text = name.ends_with(".txt") || name.ends_with(".in") || name.ends_with(".pip");
  if (name == "requirements.txt") return Kind::main;
  if (name == "pipfile") return Kind::pipfile;
  if (name == "pyproject.toml") return Kind::pyproject;
  if (name == "setup.py") return Kind::setup;
  if (name == "environment.yml" || name == "environment.yaml") return Kind::conda;
  const bool in_folder = file_name(folder) == "requirements" && text;
  const bool requires_ = name.starts_with("requir") && (text || name == "requirements");
  if (!in_folder && !requires_) return Kind::none;
  if (has_any(name, {"dev", "test", "local", "lint", "doc", "ci"})) return Kind::development;
  return in_folder ? Kind::group : Kind::spelled;
}

struct Candidate {
  Kind kind = Kind::none;
  std::string path;

  /// In the Django folder or above it first, then the shallowest.
  auto rank(std::string_view root) const {
    const std::string folder = folder_of(path);
    const bool near = folder.empty() || folder == root || root.starts_with(folder + "/");
    return std::tuple(kind, near ? 0 : 1, std::ranges::count(path, '/'), path);
  }
};

std::vector<Candidate> candidates(const Project& project) {
  std::vector<Candidate> found;
  for (const auto& entry : project.files.entries) {
    if (entry.symlink || is_vendored(entry.path, project.files)) continue;
    const Kind kind = kind_of(entry.path);
    if (kind != Kind::none) found.push_back({kind, entry.path});
  }
  const std::string_view root =
      project.django_root == "." ? std::string_view() : std::string_view(project.django_root);
  std::ranges::sort(found,
                    [&](const auto& a, const auto& b) { return a.rank(root) < b.rank(root); });
  return found;
}

bool is_pip_format(Kind kind) {
  return kind == Kind::main || kind == Kind::spelled || kind == Kind::group ||
         kind == Kind::development;
}

/// The lock file beside a Pipfile or pyproject.toml.
std::string lock_of(const Files& files, const std::string& path) {
  const std::string folder = folder_of(path);
  for (const std::string_view name : {"Pipfile.lock", "poetry.lock", "uv.lock", "pdm.lock"}) {
    std::string lock = folder.empty() ? std::string(name) : folder + "/" + std::string(name);
    if ((name == "Pipfile.lock") == (file_name(path) == "Pipfile") && files.has(lock)) return lock;
  }
  return {};
}

/// Names of all that a lock file fixes, also of what only other packages need.
std::vector<std::string> locked_names(const Files& files, const std::string& lock) {
  const auto text = lock.empty() ? std::nullopt : files.text(lock);
  if (!text) return {};
  const bool json = file_name(lock) == "Pipfile.lock";
  const auto leaves = json ? json_leaves(*text) : toml_leaves(*text);
  std::set<std::string> names;
  for (const auto& leaf : leaves.value_or(std::vector<Leaf>())) {
    if (json && leaf.keys.size() > 2) names.insert(normalised_name(leaf.keys[1]));
    const bool package = leaf.keys.size() == 3 && leaf.keys[0] == "package";
    if (!json && package && leaf.keys[2] == "name") names.insert(normalised_name(leaf.value));
  }
  return {names.begin(), names.end()};
}

std::string pinned_word(const std::vector<Requirement>& requirements, bool locked) {
  if (locked) return "all";
  // An index address or -e . installs nothing that could be pinned.
  const auto counts = [](const Requirement& one) {
    return !one.name.empty() || one.option.find("://") != std::string::npos;
  };
  const auto is_index = [](const Requirement& one) {
    return one.option.starts_with("-i") || one.option.find("index-url") != std::string::npos ||
           one.option.starts_with("-f") || one.option.starts_with("--find");
  };
  std::size_t all = 0;
  std::size_t pinned = 0;
  for (const auto& one : requirements) {
    if (!counts(one) || is_index(one)) continue;
    ++all;
    if (one.pinned) ++pinned;
  }
  if (pinned == 0) return "none";
  return pinned == all ? "all" : "some";
}

std::string python_version(const Project& project) {
  for (const auto& entry : project.files.entries) {
    const auto name = file_name(entry.path);
    if (name != "runtime.txt" && name != ".python-version") continue;
    if (is_vendored(entry.path, project.files)) continue;
    const auto text = project.files.text(entry.path);
    if (text && !text::trim(*text).empty()) {
      return std::string(text::trim(text::lines(text::trim(*text)).front()));
    }
  }
  return {};
}

class Reader {
 public:
  explicit Reader(const Project& project) : project_(project) {}

  Dependencies run() {
    result_.python = python_version(project_);
    for (const auto& candidate : candidates(project_)) one(candidate);
    if (result_.file.empty()) {
      result_.pinned = "none";
    } else {
      const std::string lock = lock_of(project_.files, result_.file);
      if (!lock.empty()) result_.files.push_back(lock);
      for (auto& name : locked_names(project_.files, lock)) names_.push_back(std::move(name));
      result_.pinned = pinned_word(result_.requirements, !lock.empty());
    }
    for (const auto& one : result_.requirements) names_.push_back(one.name);
    for (const auto& one : result_.others) names_.push_back(one.name);
    result_.missing_packages = missing_packages(project_, names_);
    for (const auto& one : result_.missing_packages) result_.missing.push_back(one.module);
    return std::move(result_);
  }

 private:
  void one(const Candidate& candidate) {
    if (std::ranges::find(result_.files, candidate.path) != result_.files.end()) return;
    Listed listed;
    std::vector<std::string> read{candidate.path};
    if (is_pip_format(candidate.kind)) {
      PipFiles pip = read_pip_file(project_.files, candidate.path);
      listed.requirements = std::move(pip.requirements);
      if (!pip.files.empty()) read = std::move(pip.files);
    } else {
      listed = read_listing(project_, candidate.path);
      // A pyproject.toml or setup.py that only configures tools says nothing about requirements.
      if (listed.requirements.empty() && listed.others.empty()) return;
    }
    if (result_.python.empty()) result_.python = listed.python;
    result_.files.insert(result_.files.end(), read.begin(), read.end());
    const bool first = result_.file.empty();
    if (first) {
      result_.file = candidate.path;
      result_.requirements = std::move(listed.requirements);
    } else {
      move(listed.requirements);
    }
    move(listed.others);
  }

  void move(std::vector<Requirement>& from) {
    std::ranges::move(from, std::back_inserter(result_.others));
  }

  const Project& project_;
  Dependencies result_;
  std::vector<std::string> names_;
};

}  // namespace

Dependencies read_dependencies(const Project& project) { return Reader(project).run(); }

}  // namespace grader::project
