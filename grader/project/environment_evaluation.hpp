#pragma once
// Private to grader/project: one evaluation of environment.hpp's provided().

#include <string_view>
#include <utility>
#include <vector>

#include "grader/project/environment.hpp"
#include "grader/project/environment_calls.hpp"

namespace grader::project {

/// True where the value comes from the environment, with a default or without.
bool from_environment(const Provided& one);

/// True for a value that can serve: not None and not an empty text.
bool usable(const python::Value& value);

/// How strongly an origin shows in a value that has parts of several.
int weight(Origin origin);

/// A value made of both: the stronger origin, and `value`.
Provided combined(const Provided& a, const Provided& b, python::Value value);

/// Either of the two, depending on something that is not known: a literal beside a look-up is its
/// default.
Provided either(const Provided& a, const Provided& b);

/// Follows an expression through names, calls and operators. Bounded in depth and in steps, since
/// names may stand for each other in any number.
class Evaluation {
 public:
  Evaluation(const python::Program& program, const NameTable& names)
      : program_(program), names_(names) {}

  /// What is known of this expression.
  Provided run(python::Node node);

 private:
  using Arguments = std::vector<std::pair<std::string, Provided>>;

  Provided of(python::Node node);

  Provided identifier(python::Node node);
  Provided assigned(python::Node assignment, python::Node reader);
  Provided local(python::Node node);
  Provided attribute(python::Node node);
  Provided from_model(python::Node node, python::Node field);

  Provided read(const EnvironmentCall& call);
  Provided subscript(python::Node node);
  Provided call(python::Node node);
  Provided method(python::Node node, python::Node function);
  Provided around(python::Node node, const std::string& name);
  Provided helper(python::Node node, python::Node definition);
  Arguments bind(python::Node node, python::Node definition);

  Provided list(python::Node node);
  Provided dictionary(python::Node node);
  Provided text(python::Node node);
  Provided comparison(python::Node node);
  Provided negation(python::Node node);
  Provided boolean(python::Node node);
  Provided conditional(python::Node node);
  Provided binary(python::Node node);
  Provided comprehension(python::Node node);

  const python::Program& program_;
  const NameTable& names_;
  const Arguments* arguments_ = nullptr;  ///< of the helper that is looked into
  int depth_ = 0;
  int calls_ = 0;
  int steps_ = 0;
  std::size_t bytes_ = 0;  ///< of texts, each time one is made or passed on
};

}  // namespace grader::project
