#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "grader/grading/decimal.hpp"
#include "grader/grading/rubric_files.hpp"
#include "grader/grading/yaml_tree.hpp"

namespace grader::grading {

/// Reads single fields of a rubric's maps. What is wrong becomes a problem of `files`, and the
/// reading goes on with an empty value, so that all mistakes are found at once.
class RubricFields {
 public:
  RubricFields(RubricFiles& files, const std::vector<std::string>& known_checks)
      : files_(files), known_checks_(known_checks) {}

  /// Notes what is wrong at this place; reading goes on, to tell everything at once.
  void problem(const yaml::Place& place, std::string what, std::string hint = {}) {
    files_.add_problem(place, std::move(what), std::move(hint));
  }

  /// True for a map; keys other than `keys` are problems. `thing` is "a gate".
  bool is_map(const yaml::Value& node, const std::string& thing,
              const std::vector<std::string>& keys);

  /// The value of a key that must be there, or null.
  const yaml::Value* required(const yaml::Value& map, const char* key);

  /// The text of a required key.
  std::string scalar(const yaml::Value& map, const char* key);

  /// The required "id", which must not be in `used` and is added to it.
  std::string identifier(const yaml::Value& map, std::set<std::string>& used);

  /// The required "title".
  std::string title(const yaml::Value& map);

  /// The number at an optional key.
  std::optional<Decimal> number(const yaml::Value& map, const char* key);

  /// The number at a required key.
  Decimal points(const yaml::Value& map, const char* key);

  /// True or false at an optional key; false where it is absent.
  bool boolean(const yaml::Value& map, const char* key);

  /// A list; one that is `needed` must be there and not be empty.
  const std::vector<yaml::Value>& items(const yaml::Value& map, const char* key, bool needed);

  /// The id of a known check, else empty.
  std::string check(const yaml::Value& node);

  /// A list of ids of known checks, each once.
  std::vector<std::string> checks(const yaml::Value& map, const char* key, bool needed);

  /// A problem at `key` where `sum`, of `thing`, is not `whole`.
  void sum_is(const yaml::Value& map, const char* key, const Decimal& sum, const Decimal& whole,
              const std::string& thing);

 private:
  RubricFiles& files_;
  const std::vector<std::string>& known_checks_;
};

}  // namespace grader::grading
