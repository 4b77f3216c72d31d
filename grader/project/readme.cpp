#include <algorithm>
#include <array>

#include "grader/base/text.hpp"
#include "grader/project/parts.hpp"

namespace grader::project {
namespace {

/// Formats that are read, the one that is rather meant first.
constexpr std::array endings{std::string_view(".md"),   std::string_view(".markdown"),
                             std::string_view(".rst"),  std::string_view(".txt"),
                             std::string_view(".adoc"), std::string_view("")};

/// How well a path serves as the README: less is better, nothing where it is none.
std::optional<std::size_t> rank(const Files::Entry& entry, std::string_view root) {
  const std::string folder = folder_of(entry.path);
  if (entry.symlink || (!folder.empty() && folder != root)) return std::nullopt;
  const std::string name = text::lower(file_name(entry.path));
  if (!name.starts_with("readme") && !name.starts_with("read_me")) return std::nullopt;
  const auto dot = name.rfind('.');
  const std::string ending = dot == name.npos ? "" : name.substr(dot);
  const auto known = std::ranges::find(endings, ending);
  if (known == endings.end()) return std::nullopt;
  const auto format = static_cast<std::size_t>(known - endings.begin());
  // "README.en.md" comes after "README.md", and a folder's own README after that of the top.
  return format + (name.find('.') == dot ? 0 : 10) + (folder.empty() ? 0 : 100);
}

}  // namespace

Readme read_readme(const Project& project) {
  Readme readme;
  std::optional<std::size_t> best;
  for (const auto& entry : project.files.entries) {
    const auto value = rank(entry, project.django_root);
    if (!value || (best && *best <= *value)) continue;
    auto text = project.files.text(entry.path);
    if (!text || text::trim(*text).empty()) continue;
    best = value;
    readme.path = entry.path;
    readme.text = std::move(*text);
  }
  return readme;
}

}  // namespace grader::project
