#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "grader/project/pages/scripts.hpp"

namespace grader::project {

/// One way in which a name of a script gets what it means.
struct ScriptBinding {
  enum class Kind {
    value,      ///< `node` is the expression
    added,      ///< `node` is what += adds
    element,    ///< one of what `node` holds: for (const x of node)
    parameter,  ///< number `position` of the function `node`
    property,   ///< const {x} = node
  };
  Kind kind = Kind::value;
  python::Node node;
  std::size_t position = 0;
};

/// What names mean in the scripts of a submission, across files: their functions and who calls
/// them. Scopes are functions; blocks are not told apart.
class ScriptNames {
 public:
  explicit ScriptNames(const std::vector<Script>& scripts);

  /// All that may give this identifier its value; empty for what no script declares.
  std::vector<ScriptBinding> bindings(python::Node identifier) const;
  /// The functions of this name: of the script itself, else of any.
  std::vector<python::Node> functions(python::Node callee) const;
  /// The calls that may mean this function: of its own script, of other files, and of pages that
  /// stand on one page with its own. Of two functions of one name the later one is meant, also
  /// where a page's parent has the later one.
  std::vector<python::Node> callers(python::Node function) const;
  /// The name by which a function is called; empty where it has none.
  static std::string_view name_of(python::Node function);
  /// The nearest function around a node, or the whole script.
  static python::Node function_around(python::Node node);

 private:
  void read(python::Node node);
  void relate(const std::vector<Script>& scripts);
  const Script* script_of(python::Node node) const;
  bool share_a_page(const Script& one, const Script& other) const;
  bool is_replaced_by(python::Node function, python::Node other) const;
  bool has_own(const Script& script, std::string_view name, python::Node against) const;
  void declare(python::Node pattern, python::Node scope, ScriptBinding binding);
  void parameters(python::Node function);

  using Key = std::pair<python::Node, std::string_view>;
  std::map<Key, std::vector<ScriptBinding>> declared_;
  std::map<std::pair<const python::Tree*, std::string_view>, std::vector<ScriptBinding>> assigned_;
  std::map<std::string_view, std::vector<python::Node>> functions_;
  std::map<std::string_view, std::vector<python::Node>> calls_;
  std::map<const python::Tree*, const Script*> scripts_;
  std::map<std::string, std::set<std::string>> above_;  ///< template → those it extends or includes
};

/// True for nodes that are functions.
bool is_script_function(python::Node node);

}  // namespace grader::project
