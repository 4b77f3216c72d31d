#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "grader/python/syntax.hpp"

namespace grader::python {

/// What a name stands for.
struct Symbol {
  std::string
      name;  ///< qualified: "django.db.models.CharField", "vault.models.Entry"; empty: unknown
  /// class_definition, function_definition, assignment, or a module's root; absent for names from
  /// outside the submission.
  Node definition;

  explicit operator bool() const { return !name.empty(); }
  bool is_class() const { return definition.is(Kind::class_definition); }
  bool is_function() const { return definition.is(Kind::function_definition); }
};

/// All Python files of a submission and what their names mean. Nothing is imported or run.
class Program {
 public:
  /// `roots` are the folders that would stand on sys.path, nearest first ("" is the top); a file is
  /// named after the longest root that holds it, and may be imported through any.
  Program(std::vector<Module> modules, std::vector<std::string> roots);
  Program() : Program({}, {}) {}
  Program(Program&&) noexcept;
  Program& operator=(Program&&) noexcept;
  ~Program();

  /// All modules, in the order in which they were given.
  const std::vector<Module>& modules() const;
  /// The module imported as "vault.models", or null.
  const Module* module(std::string_view dotted_name) const;
  /// The module at this path, or null.
  const Module* at(std::string_view path) const;
  /// The module that holds this node.
  const Module* of(Node node) const;
  /// Dotted name of a module of ours.
  const std::string& name_of(const Module& module) const;

  /// What an identifier or attribute chain means where it stands: through local and module
  /// imports, star imports, aliases and re-exports. Local variables and parameters are unknown.
  Symbol resolve(Node expression) const;
  /// The definition of a qualified name of the submission, or a symbol without definition.
  Symbol lookup(std::string_view qualified_name) const;
  /// A name of the module's top level.
  Symbol member(const Module& module, std::string_view name) const;

  /// The class's own bases resolved, in their order.
  std::vector<Symbol> bases(Node class_definition) const;
  /// C3 linearisation over the submission's classes; names from outside appear once, as leaves.
  /// The first is the class itself. An inconsistent or circular hierarchy gives depth-first order.
  std::vector<Symbol> linearised(Node class_definition) const;
  /// The method or class attribute `name` as the class itself or the first base that has it gives
  /// it: function_definition or assignment; absent where only a class from outside can have it.
  Node attribute(Node class_definition, std::string_view name) const;

  /// Every import statement's module name as written, absolute, once each: "django.db".
  std::vector<std::string> imported_modules() const;

 private:
  struct Tables;
  std::unique_ptr<Tables> tables_;
};

/// The name of a class or function definition.
std::string_view definition_name(Node definition);
/// The function or class below the decorators.
Node undecorated(Node definition);
/// The decorators of a function or class definition, outermost first (the expression after '@').
std::vector<Node> decorators(Node definition);
/// Statement nodes of a body, comments left out.
std::vector<Node> statements(Node body);
/// The definition in a class body of this name: function_definition or assignment, last one wins.
Node own_attribute(Node class_definition, std::string_view name);

}  // namespace grader::python
