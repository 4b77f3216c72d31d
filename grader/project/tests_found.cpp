#include "grader/project/tests_found.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "grader/base/text.hpp"
#include "grader/project/environment.hpp"
#include "grader/project/parts.hpp"

namespace grader::project {
namespace {

using python::Field;
using python::Kind;
using python::Node;
using python::Symbol;

constexpr std::size_t most_tests = 5'000;

/// A file that the runners look into: test*.py (Django), test_*.py and *_test.py (pytest), or any
/// in a folder of tests.
bool is_test_file(std::string_view path) {
  const auto name = file_name(path);
  const std::string folder = folder_of(path);
  return name.starts_with("test") || name.ends_with("_test.py") || name.ends_with("_tests.py") ||
         file_name(folder) == "tests" || file_name(folder) == "test";
}

bool is_test_case(const std::vector<Symbol>& order) {
  return std::ranges::any_of(order, [](const Symbol& base) {
    return !base.is_class() && base.name.ends_with("TestCase");
  });
}

/// True for a function under @pytest.fixture.
bool is_fixture(Node definition, const python::Program& program) {
  const auto marks = python::decorators(definition);
  return std::ranges::any_of(marks, [&](Node mark) {
    const Node named = mark.is(Kind::call) ? python::callee(mark) : mark;
    const std::string name = qualified_or_written(named, program);
    return name == "pytest.fixture" || name == "pytest_django.fixture" || name == "fixture";
  });
}

class Finder {
 public:
  explicit Finder(const python::Program& program) : program_(program) {}

  std::vector<TestFunction> run() {
    for (const auto& module : program_.modules()) read_fixtures(module);
    for (const auto& module : program_.modules()) {
      const bool tests = is_test_file(module.path());
      for (const Node statement : python::statements(module.root())) {
        const Node definition = python::undecorated(statement);
        if (definition.is(Kind::class_definition)) of_class(module, definition, tests);
        if (definition.is(Kind::function_definition) && tests) function(module, definition);
      }
    }
    return std::move(found_);
  }

 private:
  static bool is_test_name(std::string_view name) { return name.starts_with("test"); }

  void read_fixtures(const python::Module& module) {
    const auto name = file_name(module.path());
    if (!is_test_file(module.path()) && name != "conftest.py") return;
    for (const Node statement : python::statements(module.root())) {
      const Node definition = python::undecorated(statement);
      if (!definition.is(Kind::function_definition) || !is_fixture(definition, program_)) continue;
      fixtures_[std::string(python::definition_name(definition))].push_back(definition);
    }
  }

  /// Fixtures of a function's parameters, and of theirs, before it.
  void add_fixtures(Node definition, std::vector<Node>& prepares, int depth = 0) {
    if (depth > 4) return;
    for (const Node parameter : definition.child(Field::parameters).children()) {
      const auto found = fixtures_.find(std::string(parameter.text()));
      if (found == fixtures_.end()) continue;
      for (const Node fixture : found->second) {
        const bool near = fixture.tree() == definition.tree() || found->second.size() == 1;
        if (!near || std::ranges::find(prepares, fixture) != prepares.end()) continue;
        add_fixtures(fixture, prepares, depth + 1);
        prepares.push_back(fixture);
      }
    }
  }

  void of_class(const python::Module& module, Node definition, bool tests) {
    const auto order = program_.linearised(definition);
    const bool unittest = is_test_case(order);
    const bool plain = tests && python::definition_name(definition).starts_with("Test");
    if (!unittest && !plain) return;
    std::vector<Node> prepares;
    for (const auto method :
         {"setUpClass", "setUpTestData", "setup_class", "setUp", "setup_method"}) {
      // Bases first: super().setUp() is what stands at the top of nearly all of them.
      for (const auto& base : std::vector(order.rbegin(), order.rend())) {
        const Node own = base.is_class() ? python::own_attribute(base.definition, method) : Node();
        if (own.is(Kind::function_definition)) prepares.push_back(own);
      }
    }
    for (const Node statement : python::statements(definition.child(Field::body))) {
      const Node method = python::undecorated(statement);
      if (method.is(Kind::function_definition) && is_test_name(python::definition_name(method))) {
        add(module, method, definition, prepares, !unittest);
      }
    }
  }

  void function(const python::Module& module, Node definition) {
    const auto name = python::definition_name(definition);
    if (is_test_name(name) && !is_fixture(definition, program_)) {
      add(module, definition, {}, {}, true);
    }
  }

  void add(const python::Module& module, Node definition, Node owner, std::vector<Node> prepares,
           bool pytest) {
    if (found_.size() >= most_tests) return;
    if (pytest) add_fixtures(definition, prepares);
    std::string name = program_.name_of(module);
    if (owner) name += "." + std::string(python::definition_name(owner));
    name += "." + std::string(python::definition_name(definition));
    found_.push_back({std::move(name), definition, owner, std::move(prepares), pytest});
  }

  const python::Program& program_;
  std::map<std::string, std::vector<Node>> fixtures_;
  std::vector<TestFunction> found_;
};

/// A test of the browser's side that encrypts, decrypts, and compares.
std::optional<Location> browser_round_trip(const Files& files) {
  for (const auto& entry : files.entries) {
    const auto name = file_name(entry.path);
    const bool test = text::contains_any(name, {".test.", ".spec."}) &&
                      (name.ends_with("js") || name.ends_with("ts") || name.ends_with("jsx") ||
                       name.ends_with("tsx"));
    if (!test || entry.size > (1U << 20U) || is_vendored(entry.path, files)) continue;
    const std::string code = files.text(entry.path).value_or("");
    const std::string lowered = text::lower(code);
    const auto at = lowered.find("decrypt");
    if (at == lowered.npos || lowered.find("encrypt") == lowered.npos) continue;
    if (lowered.find("expect(", at) == lowered.npos) continue;
    const auto line = std::ranges::count(lowered.substr(0, at), '\n') + 1;
    return Location{entry.path, static_cast<int>(line)};
  }
  return std::nullopt;
}

}  // namespace

int Tests::count() const {
  return static_cast<int>(std::ranges::count(cases, true, &TestCase::asserts));
}

bool Tests::ownership_tested() const { return std::ranges::any_of(cases, &TestCase::ownership); }

bool Tests::encryption_tested() const {
  return browser_encryption.has_value() || std::ranges::any_of(cases, &TestCase::encryption);
}

std::vector<TestFunction> test_functions(const python::Program& program) {
  return Finder(program).run();
}

Tests read_tests(const Project& project) {
  Tests tests;
  std::set<std::string> files;
  int pytest = 0;
  int django = 0;
  for (const auto& function : test_functions(project.program)) {
    TestCase one = read_test(function, project);
    if (one.asserts) {
      files.insert(one.at.path);
      ++(function.pytest ? pytest : django);
    }
    tests.cases.push_back(std::move(one));
  }
  tests.files.assign(files.begin(), files.end());
  if (pytest + django > 0) tests.framework = pytest > django ? "pytest" : "django";
  tests.browser_encryption = browser_round_trip(project.files);
  return tests;
}

}  // namespace grader::project
