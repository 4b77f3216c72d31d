#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace grader::dossier {

/// A fact that a condition may ask for, and the values it can have.
struct FactName {
  std::string name;
  std::vector<std::string> values;
};
const std::vector<FactName>& fact_names();

/// Places that a question can be about, besides "check:ID".
const std::vector<std::string>& place_names();

/// Words that may stand in braces in a text.
const std::vector<std::string>& placeholder_names();

/// The placeholders of a text in the order of their names, each once. Braces without a word of
/// lower case letters and _ between them are text.
std::vector<std::string> placeholders(std::string_view text);

}  // namespace grader::dossier
