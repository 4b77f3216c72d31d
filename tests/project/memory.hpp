#pragma once

#include <algorithm>
#include <initializer_list>
#include <map>
#include <memory>
#include <string>
#include <utility>

#include "grader/project/project.hpp"

namespace grader::project {

/// Files that lie in memory: path and bytes.
inline Files files_of(std::initializer_list<std::pair<const std::string, std::string>> list) {
  const auto contents = std::make_shared<std::map<std::string, std::string, std::less<>>>(list);
  Files files;
  for (const auto& [path, bytes] : *contents) files.entries.push_back({path, bytes.size(), false});
  files.read = [contents](std::string_view path) -> std::optional<std::string> {
    const auto found = contents->find(path);
    if (found == contents->end()) return std::nullopt;
    return found->second;
  };
  return files;
}

/// A manage.py that names this settings module.
inline std::string manage_py(const std::string& settings) {
  return "import os\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', '" + settings + "')\n";
}

}  // namespace grader::project
