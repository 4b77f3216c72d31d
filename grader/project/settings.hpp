#pragma once

#include <map>
#include <string>
#include <vector>

#include "grader/base/location.hpp"
#include "grader/project/files.hpp"
#include "grader/python/literals.hpp"
#include "grader/python/names.hpp"

namespace grader::project {

/// Where a value comes from when the application starts.
enum class Origin {
  constant,                  ///< written in the code
  environment,               ///< environment (or .env) without a usable default
  environment_with_default,  ///< environment, with a literal that works where it is not set
  file,                      ///< read from a file
  generated,                 ///< made anew at each start (get_random_secret_key(), os.urandom…)
  computed,                  ///< from other values in a way that is not followed
};

/// The value of one setting after all assignments of a settings module and what it imports.
struct Setting {
  std::string name;
  Origin origin = Origin::computed;
  python::Value value;   ///< constant, or the default of environment_with_default
  std::string variable;  ///< name of the environment variable
  Location at;           ///< the assignment that counts
  python::Node node;     ///< its right side

  bool known() const { return origin == Origin::constant && value.known(); }
};

/// One settings module with everything it takes from others.
struct SettingsModule {
  std::string name;  ///< dotted: "config.settings.production"
  std::string path;
  enum class Role { main, base, development, test, production } role = Role::main;
  bool main = false;  ///< the one that manage.py or wsgi.py names
  std::map<std::string, Setting, std::less<>> values;
  /// Why some values may be wrong: exec, a star import that cannot be followed, a syntax error.
  std::vector<std::string> gaps;

  /// The setting of this name as Django would see it, or null.
  const Setting* find(std::string_view name) const;
};

/// One read of an environment variable anywhere in the project's Python.
struct EnvironmentRead {
  std::string variable;
  bool has_default = false;
  python::Value fallback;  ///< the default
  std::string cast;        ///< int, float, bool, list, url, db, json, fernet, hex, base64, or empty
  std::string setting;     ///< the setting it feeds, or empty
  Location at;
};

/// A credential written into the submission: settings, compose file, .env, any Python constant.
struct CommittedSecret {
  std::string
      what;  ///< "db password", "email password", "api key", "encryption key", ".env committed"…
  std::string value;  ///< the secret itself: mask it wherever it is shown
  Location at;
};

/// How the value of this expression is provided: any of the look-ups of static.md, wrapped or not
/// (bytes(…), .encode(), int(…), == 'True', .lower() == 'true').
Setting provenance(python::Node expression, const python::Program& program);

/// How the profile says where SECRET_KEY comes from: hardcoded, env_with_default, env, file; empty
/// where it is absent or not followed.
std::string secret_key_word(const SettingsModule& module);

/// true_constant, env_default_true, env_default_false, false_constant; empty where not followed.
std::string debug_word(const SettingsModule& module);

/// wildcard, empty, listed, env; empty where not followed.
std::string allowed_hosts_word(const SettingsModule& module);

}  // namespace grader::project
