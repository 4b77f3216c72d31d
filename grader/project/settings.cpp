#include "grader/project/settings.hpp"

#include <algorithm>
#include <array>
#include <set>

#include "grader/base/text.hpp"
#include "grader/project/environment.hpp"
#include "grader/project/parts.hpp"
#include "grader/project/settings_reader.hpp"

namespace grader::project {
namespace {

using python::Kind;
using python::Module;
using python::Node;
using Role = SettingsModule::Role;

constexpr std::string_view variable = "DJANGO_SETTINGS_MODULE";
constexpr std::size_t most_settings_modules = 40;

/// The value that a file gives DJANGO_SETTINGS_MODULE: by setdefault, by assignment or by a dict.
std::vector<std::string> named_by(const Module& module, const python::Program& program) {
  std::vector<std::string> names;
  for (const Node node : module.root().descendants()) {
    if (!node.is(Kind::string) || python::string_text(node) != variable) continue;
    Node value = node.next_sibling();
    if (node.parent().is(Kind::subscript)) {
      const Node assignment = node.parent().parent();
      value = assignment.is(Kind::assignment) ? assignment.child(python::Field::right) : Node();
    }
    const Provided found = provided(value, program);
    if (found.value.is_string()) names.push_back(found.value.text);
  }
  return names;
}

/// The module of this dotted name; also where the file lies under another root than expected.
const Module* settings_module(std::string_view name, const python::Program& program) {
  if (const Module* module = program.module(name)) return module;
  const std::string path = text::replace_all(std::string(name), ".", "/");
  for (const auto& module : program.modules()) {
    const std::string_view whole = module.path();
    if (whole.ends_with("/" + path + ".py") || whole.ends_with("/" + path + "/__init__.py")) {
      return &module;
    }
  }
  return nullptr;
}

bool assigns(const Module& module, std::initializer_list<std::string_view> names) {
  for (const Node statement : python::statements(module.root())) {
    for (const Node node : statement.children()) {
      const auto left = node.is(Kind::assignment) ? node.child(python::Field::left).text() : "";
      if (std::ranges::find(names, left) != names.end()) return true;
    }
  }
  return false;
}

bool in_settings_package(const Module& module) {
  const std::string folder = folder_of(module.path());
  return file_name(folder) == "settings" || file_name(folder) == "config" ||
         file_name(folder) == "conf";
}

Role role_of(std::string_view path) {
  const auto words = text::words(file_name(path).substr(0, file_name(path).rfind('.')));
  const auto has = [&](std::initializer_list<std::string_view> wanted) {
    return std::ranges::any_of(words, [&](const std::string& word) {
      return std::ranges::find(wanted, word) != wanted.end();
    });
  };
  if (has({"test", "tests", "testing", "ci"})) return Role::test;
  if (has({"dev", "develop", "development", "local", "debug", "example", "sample"})) {
    return Role::development;
  }
  if (has({"prod", "pro", "production", "deploy", "deployment", "heroku", "live", "staging",
           "render", "railway"})) {
    return Role::production;
  }
  if (has({"base", "common", "defaults", "default"})) return Role::base;
  return Role::main;
}

/// What decides in which order settings modules are looked at.
struct Candidate {
  const Module* module = nullptr;
  bool by_manage = false;
  bool by_server = false;  ///< wsgi.py or asgi.py
};

class Finder {
 public:
  explicit Finder(const python::Program& program) : program_(program) {}

  std::vector<Candidate> run() {
    for (const auto& module : program_.modules()) {
      const auto name = file_name(module.path());
      const bool manage = name == "manage.py";
      const bool server = name == "wsgi.py" || name == "asgi.py";
      if (!manage && !server && name != "celery.py") continue;
      for (const auto& dotted : named_by(module, program_)) {
        add(settings_module(dotted, program_), manage, server);
      }
    }
    for (const auto& module : program_.modules()) {
      if (looks_like_settings(module)) add(&module, false, false);
    }
    return std::move(found_);
  }

 private:
  void add(const Module* module, bool by_manage, bool by_server) {
    if (module == nullptr) return;
    auto known = std::ranges::find(found_, module, &Candidate::module);
    if (known == found_.end()) {
      if (found_.size() >= most_settings_modules) return;
      known = found_.insert(found_.end(), Candidate{module});
    }
    known->by_manage = known->by_manage || by_manage;
    known->by_server = known->by_server || by_server;
  }

  /// settings.py, or a member of a settings package, that says something of Django's.
  bool looks_like_settings(const Module& module) const {
    const auto name = file_name(module.path());
    const bool named = name == "settings.py" || name.starts_with("settings_") ||
                       name.ends_with("_settings.py") || name == "local_settings.py";
    if (!named && !in_settings_package(module)) return false;
    if (assigns(module, {"INSTALLED_APPS", "ROOT_URLCONF", "SECRET_KEY"})) return true;
    return in_settings_package(module) && imports_settings(module);
  }

  static bool imports_settings(const Module& module) {
    return std::ranges::any_of(python::statements(module.root()), [](Node statement) {
      return statement.is(Kind::import_from_statement) && statement.child(Kind::wildcard_import);
    });
  }

  const python::Program& program_;
  std::vector<Candidate> found_;
};

/// Less is looked at first: what a server would run, before what manage.py starts, before the rest;
/// development and test settings come last.
int rank(const SettingsModule& module, const Candidate& candidate) {
  if (module.role == Role::test) return 9;
  if (module.role == Role::development) return candidate.by_manage ? 6 : 8;
  if (candidate.by_server) return candidate.by_manage ? 0 : 1;
  if (module.role == Role::production) return candidate.by_manage ? 0 : 2;
  if (candidate.by_manage) return 3;
  return module.role == Role::base ? 7 : 4;
}

bool is_setting_name(std::string_view name) {
  return !name.empty() && name.front() != '_' &&
         std::ranges::none_of(name, [](char c) { return c >= 'a' && c <= 'z'; });
}

SettingsModule values_of(const Candidate& candidate, const python::Program& program,
                         SettingsReader& reader) {
  SettingsModule result;
  result.name = program.name_of(*candidate.module);
  result.path = candidate.module->path();
  result.role = role_of(result.path);
  result.main = candidate.by_manage || candidate.by_server;
  const Names& names = reader.read(*candidate.module);
  result.gaps = names.gaps;
  for (const auto& [name, assigned] : names.values) {
    if (!is_setting_name(name)) continue;
    const Provided& from = assigned.provided;
    result.values.emplace(
        name, Setting{name, from.origin, from.value, from.variable, assigned.at, assigned.node});
  }
  return result;
}

}  // namespace

const Setting* SettingsModule::find(std::string_view wanted) const {
  const auto found = values.find(wanted);
  return found == values.end() ? nullptr : &found->second;
}

std::vector<SettingsModule> read_settings(const Project& project) {
  SettingsReader reader(project.program);
  std::vector<std::pair<int, SettingsModule>> ranked;
  for (const Candidate& candidate : Finder(project.program).run()) {
    SettingsModule module = values_of(candidate, project.program, reader);
    // The project of the Django root counts before others that lie in the same repository.
    const bool elsewhere = project.django_root != "." && !project.django_root.empty() &&
                           !module.path.starts_with(project.django_root + "/");
    ranked.emplace_back(rank(module, candidate) + (elsewhere ? 20 : 0), std::move(module));
  }
  std::ranges::stable_sort(ranked, {}, [](const auto& pair) { return pair.first; });
  std::vector<SettingsModule> settings;
  for (auto& [value, module] : ranked) settings.push_back(std::move(module));
  return settings;
}

}  // namespace grader::project
