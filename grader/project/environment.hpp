#pragma once
// Private to grader/project: where the value of an expression comes from.

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "grader/project/settings.hpp"
#include "grader/python/literals.hpp"
#include "grader/python/names.hpp"

namespace grader::project {

/// What is known of an expression's value. Of `environment` and `environment_with_default`, `value`
/// is what comes out where the variable is not set: unknown where that fails.
struct Provided {
  Origin origin = Origin::computed;
  python::Value value;
  std::string variable;  ///< of the environment; of several, the first
  std::string cast;      ///< as in EnvironmentRead
};

/// What a plain name stands for where names are known better than by their last assignment.
using NameTable = std::function<const Provided*(python::Node identifier)>;

/// Finds where the value of an expression comes from.
Provided provided(python::Node expression, const python::Program& program,
                  const NameTable& names = {});

/// One look-up of an environment variable itself, without what is wrapped around it.
struct LookUp {
  std::string variable;
  bool has_default = false;
  python::Value fallback;
  std::string cast;
};

/// The look-up that this node is, if it is one.
std::optional<LookUp> look_up(python::Node node, const python::Program& program);

/// Qualified name of what an expression means, or the dotted text where it is not resolved.
std::string qualified_or_written(python::Node expression, const python::Program& program);

// Values, as Python would compute them.

/// bool(value); nothing where it is not known.
std::optional<bool> truth(const python::Value& value);
/// What strtobool and the settings libraries make of a text: "yes", "1", "off"…
std::optional<bool> text_truth(const python::Value& value);
/// left OP right for ==, !=, in, not in, is, is not.
std::optional<bool> compared(const python::Value& left, std::string_view sign,
                             const python::Value& right);
/// value.METHOD(argument) of texts: lower, strip, split, encode…; unknown where it is not followed.
python::Value called_method(const python::Value& value, std::string_view method,
                            const python::Value& argument);
/// What cast makes of a value: "int", "bool", "list"… (bool as the settings libraries do it).
python::Value converted(const python::Value& value, std::string_view cast);

/// Values as Python code would have written them.
python::Value boolean_value(bool truth);
python::Value text_value(std::string text);

}  // namespace grader::project
