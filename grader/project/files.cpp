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

bool is_environment(std::string_view folder, const Files& files) {
  const std::string base(folder);
  return files.has(base + "/pyvenv.cfg") || files.has(base + "/bin/activate") ||
         files.has(base + "/Scripts/activate") || files.has(base + "/Scripts/activate.bat");
}

}  // namespace

bool Files::has(std::string_view path) const {
  const auto found = std::ranges::lower_bound(entries, path, {}, &Entry::path);
  return found != entries.end() && found->path == path;
}

std::optional<std::string> Files::text(std::string_view path) const {
  const auto bytes = read(path);
  if (!bytes) return std::nullopt;
  return text::decode(*bytes);
}

bool is_vendored(std::string_view path, const Files& files) {
  for (auto slash = path.find('/'); slash != path.npos; slash = path.find('/', slash + 1)) {
    const auto folder = path.substr(0, slash);
    if (std::ranges::find(vendored_folders, file_name(folder)) != vendored_folders.end()) {
      return true;
    }
    if (is_environment(folder, files)) return true;
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
