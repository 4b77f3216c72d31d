#include "grader/project/files.hpp"

#include <algorithm>
#include <array>

#include "grader/base/text.hpp"

namespace grader::project {
namespace {

constexpr std::array vendored_folders{
    std::string_view("site-packages"),
    std::string_view("node_modules"),
    std::string_view("bower_components"),
    std::string_view("__pycache__"),
    std::string_view(".git"),
    std::string_view(".tox"),
    std::string_view(".eggs"),
};

constexpr std::size_t most_kept_bytes = 16U << 20U;

/// What only a virtual environment holds, below its folder.
constexpr std::array environment_marks{
    std::string_view("/pyvenv.cfg"),
    std::string_view("/bin/activate"),
    std::string_view("/Scripts/activate"),
    std::string_view("/Scripts/activate.bat"),
};

}  // namespace

bool Files::has(std::string_view path) const {
  const auto found = std::ranges::lower_bound(entries, path, {}, &Entry::path);
  return found != entries.end() && found->path == path;
}

std::optional<std::string> Files::text(std::string_view path) const {
  const auto kept = kept_.find(path);
  if (kept != kept_.end()) return kept->second;
  const auto bytes = read(path);
  if (!bytes) return std::nullopt;
  auto text = text::decode(*bytes);
  const std::size_t size = text ? text->size() : 0;
  if (kept_bytes_ + size > most_kept_bytes) return text;
  kept_bytes_ += size;
  kept_.emplace(path, text);
  return text;
}

const std::vector<std::string>& Files::environments() const {
  if (environments_) return *environments_;
  std::vector<std::string> found;
  for (const auto& entry : entries) {
    for (const auto mark : environment_marks) {
      if (!entry.path.ends_with(mark)) continue;
      found.push_back(entry.path.substr(0, entry.path.size() - mark.size()));
    }
  }
  std::ranges::sort(found);
  const auto twice = std::ranges::unique(found);
  found.erase(twice.begin(), twice.end());
  return environments_.emplace(std::move(found));
}

bool is_vendored(std::string_view path, const Files& files) {
  const auto& environments = files.environments();
  for (auto slash = path.find('/'); slash != path.npos; slash = path.find('/', slash + 1)) {
    const auto folder = path.substr(0, slash);
    if (std::ranges::find(vendored_folders, file_name(folder)) != vendored_folders.end()) {
      return true;
    }
    if (std::ranges::binary_search(environments, folder)) return true;
  }
  return false;
}

std::string folder_of(std::string_view path) {
  const auto slash = path.rfind('/');
  return slash == path.npos ? std::string() : std::string(path.substr(0, slash));
}

std::string_view file_name(std::string_view path) {
  const auto slash = path.rfind('/');
  return slash == path.npos ? path : path.substr(slash + 1);
}

}  // namespace grader::project
