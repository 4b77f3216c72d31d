#pragma once

#include <string>
#include <vector>

#include "grader/base/result.hpp"
#include "tests/conformance/problem.hpp"

namespace grader::conformance {

/// How one file is compiled.
struct Unit {
  std::string file;                    ///< absolute
  std::vector<std::string> arguments;  ///< of the compiler, without its name and without the file
};

/// A function of ours with its body.
struct Function {
  std::string file;  ///< relative to the top of the tree
  int line = 0;
  std::string name;  ///< "grader::text::decode"
  int lines = 0;     ///< from its first line to its closing brace

  auto operator<=>(const Function&) const = default;
};

/// What libclang sees of our own files in one translation unit.
struct Observed {
  std::vector<std::string> files;     ///< own files that it reads, relative to the top
  std::vector<Function> functions;    ///< of those files, tests left out
  std::vector<Problem> undocumented;  ///< rule "documentation", of the headers among them
};

/// The units of BUILD/compile_commands.json that lie below `top`, in the order of their paths.
Result<std::vector<Unit>> read_units(const std::string& top, const std::string& build);

/// Parses one unit. An Error where clang cannot: the rules would be silent about what it did not
/// see.
Result<Observed> observe(const Unit& unit, const std::string& top);

/// A function that may be long, for the reason said here.
struct Exception {
  std::string function;
  std::string why;
};

/// The exceptions of this tree.
const std::vector<Exception>& long_functions();

/// Rule "function-length": a function has at most 40 lines, but for the exceptions; one of those
/// that is not long is a problem too.
std::vector<Problem> check_function_lengths(const std::vector<Function>& functions,
                                            const std::vector<Exception>& exceptions);

}  // namespace grader::conformance
