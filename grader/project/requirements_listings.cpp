#include <algorithm>

#include "grader/base/text.hpp"
#include "grader/project/distributions.hpp"
#include "grader/project/requirements.hpp"
#include "grader/python/literals.hpp"

namespace grader::project {
namespace {

using Keys = std::vector<std::string>;

bool begins(const Keys& keys, std::initializer_list<std::string_view> wanted) {
  return keys.size() >= wanted.size() && std::equal(wanted.begin(), wanted.end(), keys.begin());
}

void add(std::vector<Requirement>& to, Requirement requirement, const std::string& path, int line) {
  if (requirement.name.empty() && requirement.option.empty()) return;
  if (requirement.name == "python") return;
  requirement.at = {path, line};
  to.push_back(std::move(requirement));
}

/// `django = "==4.2"` or the keys of `django = {version = "==4.2", extras = […]}`: `depth` keys
/// lead to the name.
void add_named(std::vector<Requirement>& to, const Leaf& leaf, std::size_t depth,
               const std::string& path) {
  if (leaf.keys.size() <= depth) return;
  const std::string& name = leaf.keys[depth];
  const bool table = leaf.keys.size() > depth + 1;
  const bool version = !table || leaf.keys[depth + 1] == "version";
  const auto known = std::ranges::find(to, normalised_name(name), &Requirement::name);
  if (known == to.end()) {
    add(to, named_requirement(name, version ? leaf.value : ""), path, leaf.line);
  } else if (table && version) {
    const Location at = known->at;
    *known = named_requirement(name, leaf.value);
    known->at = at;
  }
}

Listed of_pipfile(const std::vector<Leaf>& leaves, const std::string& path) {
  Listed listed;
  for (const auto& leaf : leaves) {
    if (begins(leaf.keys, {"packages"})) add_named(listed.requirements, leaf, 1, path);
    if (begins(leaf.keys, {"dev-packages"})) add_named(listed.others, leaf, 1, path);
    if (begins(leaf.keys, {"requires", "python_version"})) listed.python = leaf.value;
  }
  return listed;
}

Listed of_pyproject(const std::vector<Leaf>& leaves, const std::string& path) {
  Listed listed;
  for (const auto& leaf : leaves) {
    const auto& keys = leaf.keys;
    const auto pep508 = [&](std::vector<Requirement>& to) {
      if (auto requirement = requirement_of(leaf.value)) add(to, *requirement, path, leaf.line);
    };
    if (begins(keys, {"project", "dependencies"})) pep508(listed.requirements);
    if (begins(keys, {"project", "optional-dependencies"})) pep508(listed.others);
    if (begins(keys, {"dependency-groups"})) pep508(listed.others);
    if (begins(keys, {"project", "requires-python"})) listed.python = leaf.value;
    if (begins(keys, {"tool", "poetry", "dependencies"})) {
      if (keys.size() == 4 && keys[3] == "python") listed.python = leaf.value;
      add_named(listed.requirements, leaf, 3, path);
    }
    if (begins(keys, {"tool", "poetry", "dev-dependencies"})) {
      add_named(listed.others, leaf, 3, path);
    }
    if (begins(keys, {"tool", "poetry", "group"}) && keys.size() > 5 && keys[4] == "dependencies") {
      add_named(listed.others, leaf, 5, path);
    }
  }
  return listed;
}

/// conda: strings of `dependencies`, and those of its `pip` list.
Listed of_environment(const std::vector<Leaf>& leaves, const std::string& path) {
  Listed listed;
  for (const auto& leaf : leaves) {
    if (!begins(leaf.keys, {"dependencies"})) continue;
    const bool pip = leaf.keys.size() > 2 && leaf.keys[2] == "pip";
    if (pip) {
      if (auto one = requirement_of(leaf.value)) add(listed.requirements, *one, path, leaf.line);
      continue;
    }
    // name=version=build, or name>=version
    const auto name = leaf.value.substr(0, leaf.value.find_first_of("=<>! "));
    auto version = leaf.value.substr(name.size());
    if (version.starts_with('=') && !version.starts_with("=="))
      version.insert(version.begin(), '=');
    const auto build = version.find('=', 2);
    if (build != version.npos) version.erase(build);
    if (name == "python") listed.python = version;
    add(listed.requirements, named_requirement(name, version), path, leaf.line);
  }
  return listed;
}

/// setup.py: the lists of setup(install_requires=…, extras_require=…), read without running it.
Listed of_setup(const Project& project, const std::string& path) {
  Listed listed;
  const auto* module = project.program.at(path);
  if (module == nullptr) return listed;
  const auto take = [&](const python::Value& value, std::vector<Requirement>& to) {
    for (const auto& item : value.items) {
      auto one = item.is_string() ? requirement_of(item.text) : std::nullopt;
      if (one) add(to, *one, path, item.node ? item.node.line() : 0);
    }
  };
  for (const auto node : module->root().descendants()) {
    const auto function = python::dotted(python::callee(node));
    if (function != "setup" && !function.ends_with(".setup")) continue;
    const auto value = [&](std::string_view name) {
      return python::evaluate(python::keyword(node, name), &project.program);
    };
    take(value("install_requires"), listed.requirements);
    take(value("tests_require"), listed.others);
    for (const auto& [key, group] : value("extras_require").entries) take(group, listed.others);
    listed.python = value("python_requires").text;
  }
  return listed;
}

}  // namespace

Listed read_listing(const Project& project, const std::string& path) {
  const auto name = file_name(path);
  if (name == "setup.py") return of_setup(project, path);
  const auto text = project.files.text(path);
  if (!text) return {};
  const bool yaml = name.ends_with(".yml") || name.ends_with(".yaml");
  const auto leaves = yaml ? yaml_leaves(*text) : toml_leaves(*text);
  if (!leaves) return {};
  if (yaml) return of_environment(*leaves, path);
  return name == "Pipfile" ? of_pipfile(*leaves, path) : of_pyproject(*leaves, path);
}

}  // namespace grader::project
