#include <algorithm>

#include "grader/base/text.hpp"
#include "grader/submission/impl.hpp"

namespace grader::submission {

std::string show_path(std::string_view path) { return text::shorten(text::printable(path), 200); }

std::string show_paths(const std::vector<std::string>& paths) {
  constexpr std::size_t shown = 5;
  std::string result;
  for (std::size_t i = 0; i < std::min(shown, paths.size()); ++i) {
    result += (i == 0 ? "" : ", ") + show_path(paths[i]);
  }
  if (paths.size() > shown) result += " and " + std::to_string(paths.size() - shown) + " more";
  return result;
}

}  // namespace grader::submission
