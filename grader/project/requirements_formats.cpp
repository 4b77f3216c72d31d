#include <toml++/toml.h>

#include <nlohmann/json.hpp>
#include <sstream>

#include "grader/project/requirements.hpp"

namespace grader::project {
namespace {

constexpr std::size_t most_leaves = 20'000;
constexpr std::size_t most_levels = 40;
constexpr std::size_t most_bytes = 2U << 20U;

using Leaves = std::vector<Leaf>;

std::string scalar(const toml::node& node) {
  if (const auto* text = node.as_string()) return text->get();
  if (const auto* is = node.as_boolean()) return is->get() ? "true" : "false";
  if (const auto* number = node.as_integer()) return std::to_string(number->get());
  std::ostringstream out;
  if (const auto* real = node.as_floating_point()) out << real->get();
  return out.str();
}

void walk(const toml::node& node, std::vector<std::string>& keys, Leaves& leaves) {
  if (leaves.size() >= most_leaves || keys.size() >= most_levels) return;
  if (const auto* table = node.as_table()) {
    for (const auto& [key, value] : *table) {
      keys.emplace_back(key.str());
      walk(value, keys, leaves);
      keys.pop_back();
    }
  } else if (const auto* array = node.as_array()) {
    for (std::size_t i = 0; i < array->size(); ++i) {
      keys.push_back(std::to_string(i));
      walk((*array)[i], keys, leaves);
      keys.pop_back();
    }
  } else {
    leaves.push_back({keys, scalar(node), static_cast<int>(node.source().begin.line)});
  }
}

void walk(const nlohmann::json& node, std::vector<std::string>& keys, Leaves& leaves) {
  if (leaves.size() >= most_leaves || keys.size() >= most_levels) return;
  if (node.is_structured()) {
    std::size_t position = 0;
    for (const auto& [key, value] : node.items()) {
      keys.push_back(node.is_object() ? key : std::to_string(position++));
      walk(value, keys, leaves);
      keys.pop_back();
    }
  } else {
    leaves.push_back({keys, node.is_string() ? node.get<std::string>() : node.dump(), 0});
  }
}

/// True where brackets nest deeper than any real document: the JSON reader would recurse as deep.
bool too_deep(std::string_view text) {
  std::size_t depth = 0;
  for (const char c : text) {
    if (c == '{' || c == '[') ++depth;
    if ((c == '}' || c == ']') && depth > 0) --depth;
    if (depth > 200) return true;
  }
  return false;
}

}  // namespace

std::optional<Leaves> toml_leaves(std::string_view text) {
  if (text.size() > most_bytes || too_deep(text)) return std::nullopt;
  try {
    const toml::table document = toml::parse(text);
    Leaves leaves;
    std::vector<std::string> keys;
    walk(document, keys, leaves);
    // A table has no order: that of the file is the one a reader expects.
    std::ranges::stable_sort(leaves, {}, &Leaf::line);
    return leaves;
  } catch (const toml::parse_error&) {
    return std::nullopt;
  }
}

std::optional<Leaves> json_leaves(std::string_view text) {
  if (text.size() > most_bytes || too_deep(text)) return std::nullopt;
  const auto document = nlohmann::json::parse(text, nullptr, false);
  if (document.is_discarded()) return std::nullopt;
  Leaves leaves;
  std::vector<std::string> keys;
  try {
    walk(document, keys, leaves);
  } catch (const nlohmann::json::exception&) {
    return std::nullopt;
  }
  return leaves;
}

}  // namespace grader::project
