#include <nlohmann/json.hpp>
#include <set>

#include "grader/base/text.hpp"
#include "grader/report/read_values.hpp"
#include "grader/report/stored.hpp"

namespace grader::report {
namespace {

using json::Json;

constexpr std::size_t shown = 300;

std::string shown_value(const Json* value) {
  if (value == nullptr) return {};
  const auto text = value->dump(-1, ' ', false, Json::error_handler_t::replace);
  return text::shorten(text::printable(text), shown);
}

const Json* of(const Json& map, const std::string& key) {
  const auto found = map.find(key);
  return found == map.end() ? nullptr : &*found;
}

std::optional<Difference> differing(const Json* one, const Json* two, const std::string& at);

std::optional<Difference> in_maps(const Json& one, const Json& two, const std::string& at) {
  std::set<std::string> seen;
  for (const auto* map : {&one, &two}) {
    for (const auto& [key, value] : map->items()) {
      if (!seen.insert(key).second) continue;
      if (at.empty() && (key == "timing" || key == "seals")) continue;
      std::string name = at;
      if (!at.empty()) name += '.';
      name += key;
      if (auto found = differing(of(one, key), of(two, key), name)) return found;
    }
  }
  return std::nullopt;
}

std::optional<Difference> in_lists(const Json& one, const Json& two, const std::string& at) {
  for (std::size_t i = 0; i < std::max(one.size(), two.size()); ++i) {
    const auto name = at + "[" + std::to_string(i) + "]";
    if (auto found = differing(i < one.size() ? &one[i] : nullptr,
                               i < two.size() ? &two[i] : nullptr, name)) {
      return found;
    }
  }
  return std::nullopt;
}

std::optional<Difference> differing(const Json* one, const Json* two, const std::string& at) {
  if (one != nullptr && two != nullptr) {
    if (*one == *two) return std::nullopt;
    if (one->is_object() && two->is_object()) return in_maps(*one, *two, at);
    if (one->is_array() && two->is_array()) return in_lists(*one, *two, at);
  }
  return Difference{at, shown_value(one), shown_value(two)};
}

}  // namespace

std::optional<Difference> first_difference(std::string_view one, std::string_view two) {
  const auto first = Json::parse(one, nullptr, false);
  const auto second = Json::parse(two, nullptr, false);
  return differing(&first, &second, {});
}

}  // namespace grader::report
