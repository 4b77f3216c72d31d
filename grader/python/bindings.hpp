#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "grader/python/syntax.hpp"

namespace grader::python {

/// What a name is bound to by one statement.
struct Binding {
  std::string target;     ///< absolute module, or the qualified name of `definition`
  std::string attribute;  ///< of `from target import attribute`
  Node definition;        ///< class, function or assignment; absent for imports
};

/// What a module's names mean at its top level.
struct ModuleBindings {
  std::string name;     ///< dotted
  std::string package;  ///< dotted name that relative imports start from
  std::unordered_map<std::string, Binding> names;
  /// What a name meant before a class of the same name replaced it: class View(View).
  std::unordered_map<std::string, Binding> replaced;
  std::vector<std::string> stars;     ///< modules of `from x import *`, last first
  std::vector<std::string> imported;  ///< every module named by an import, also in functions
  bool python2 = false;               ///< written in what only Python 2 can read or import
  bool absolute_imports = false;      ///< from __future__ import absolute_import
};

/// What names mean inside one function.
struct FunctionBindings {
  std::unordered_map<std::string, Binding> imports;
  std::unordered_map<std::string, Node> constants;  ///< names assigned once, with the assignment
  std::unordered_set<std::string> names;            ///< parameters and everything assigned
};

/// The top-level names of a module, also below `if`, `try` and `with`. The last binding wins.
ModuleBindings bind_module(const Module& module, std::string name);

/// The local names of one function, without those of nested functions.
FunctionBindings bind_function(Node definition, std::string_view package);

}  // namespace grader::python
