#pragma once
// Private to grader/project: what a settings module assigns, statement by statement.

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "grader/project/environment.hpp"
#include "grader/project/settings.hpp"

namespace grader::project {

/// A name of a settings module, also of one that is no setting.
struct Assigned {
  Provided provided;
  Location at;
  python::Node node;  ///< right side of the assignment
};

/// All names of a module after its last statement.
struct Names {
  std::map<std::string, Assigned, std::less<>> values;
  std::vector<std::string> gaps;
};

/// Reads settings modules, each once; modules that import each other end.
class SettingsReader {
 public:
  explicit SettingsReader(const python::Program& program) : program_(program) {}

  /// The names of a module and of those that it imports everything from.
  const Names& read(const python::Module& module);

 private:
  const python::Program& program_;
  std::map<const python::Tree*, Names> read_;
  std::set<const python::Tree*> open_;
};

}  // namespace grader::project
