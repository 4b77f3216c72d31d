#include "grader/report/seals.hpp"

#include <algorithm>

#include "grader/base/text.hpp"

namespace grader::report {
namespace {

using Member = std::pair<std::string, std::string_view>;

/// A member begins a line with two blanks and a quotation mark; no string of JSON holds a line end.
std::vector<Member> members(std::string_view document) {
  constexpr std::string_view start = "\n  \"";
  std::vector<Member> result;
  auto at = document.find(start);
  while (at != document.npos) {
    const auto next = document.find(start, at + start.size());
    const auto end = next == document.npos ? std::max(document.rfind("\n}"), at + 1) : next;
    std::string_view text = document.substr(at + 1, end - at - 1);
    if (text.ends_with(',')) text.remove_suffix(1);
    const auto name_end = text.find('"', 3);
    if (name_end != text.npos) result.emplace_back(text.substr(3, name_end - 3), text);
    at = next;
  }
  return result;
}

bool is_sealed(const std::string& name) { return name != "timing" && name != "seals"; }

/// What stands in `seals`, as written: "name": "digest" a line.
std::vector<std::pair<std::string, std::string>> seals_of(std::string_view document) {
  std::vector<std::pair<std::string, std::string>> result;
  for (const auto& [name, text] : members(document)) {
    if (name != "seals") continue;
    for (const auto line : text::lines(text)) {
      const auto parts = text::split(line, '"');
      if (parts.size() == 5) result.emplace_back(parts[1], parts[3]);
    }
  }
  return result;
}

}  // namespace

std::string sealed(std::string document) {
  std::string seals;
  for (const auto& [name, text] : members(document)) {
    if (!is_sealed(name)) continue;
    if (!seals.empty()) seals += ",";
    seals += "\n    \"" + name + "\": \"" + text::sha256(text) + "\"";
  }
  const auto end = document.rfind("\n}");
  if (end == document.npos) return document;
  document.insert(end, ",\n  \"seals\": {" + seals + "\n  }");
  return document;
}

std::vector<BrokenSeal> broken_seals(std::string_view document) {
  auto seals = seals_of(document);
  if (seals.empty()) return {{"seals", {}, {}}};
  std::vector<BrokenSeal> result;
  for (const auto& [name, text] : members(document)) {
    if (!is_sealed(name)) continue;
    const auto seal = std::ranges::find(seals, name, &std::pair<std::string, std::string>::first);
    const std::string is = text::sha256(text);
    if (seal == seals.end()) {
      result.push_back({name, {}, is});
      continue;
    }
    if (seal->second != is) result.push_back({name, seal->second, is});
    seals.erase(seal);
  }
  for (const auto& [name, was] : seals) result.push_back({name, was, {}});
  return result;
}

}  // namespace grader::report
