#pragma once
// Private to grader/project: which calls read the environment, files or chance.

#include <optional>
#include <string>
#include <string_view>

#include "grader/python/names.hpp"

namespace grader::project {

/// One read of the environment, as written.
struct EnvironmentCall {
  python::Node variable_node;  ///< the expression that names the variable
  std::string variable;        ///< where the library fixes it
  python::Node fallback_node;  ///< the default, where one is given
  bool raises = false;         ///< an unset variable without default is an error
  std::string cast;            ///< as in EnvironmentRead
};

/// The read that this subscript or call is, by os, decouple, environ, environs, dotenv,
/// dj_database_url or django-configurations.
std::optional<EnvironmentCall> environment_call(python::Node node, const python::Program& program);

/// True for os.environ itself, also under another name.
bool is_environ(python::Node expression, const python::Program& program);

/// A field of a pydantic settings class, where `node` is the attribute of an instance of one.
std::optional<python::Node> settings_model_field(python::Node node, const python::Program& program);

/// True for functions that give something new at each call: get_random_secret_key, os.urandom…
bool is_generator(std::string_view qualified);

/// True for functions that read a file: open, json.load, Path.read_text…
bool is_file_reader(std::string_view qualified);

/// True for functions that give their first argument back, as far as its origin goes: str, bytes…
bool is_transparent(std::string_view qualified);

/// True for functions and methods that only write the same thing differently: base64, hashing…
bool is_encoder(std::string_view qualified);

/// The type that a call makes of its argument: int, float, bool, list, json; empty for others.
std::string cast_of_call(std::string_view qualified);

/// The shape that a call demands of its argument: fernet, hex, base64, db, url; empty for others.
std::string use_of_call(std::string_view qualified);

}  // namespace grader::project
