#include "sandbox/environment/interpreters.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdlib>
#include <utility>

#include "grader/base/text.hpp"

namespace grader::sandbox {

namespace fs = std::filesystem;

namespace {

using Version = std::pair<int, int>;

/// {3, 6} of "3.6.15", {0, 0} of other text.
Version version_of(std::string_view text) {
  Version version{0, 0};
  const char* const end = text.data() + text.size();
  const auto major = std::from_chars(text.data(), end, version.first);
  if (major.ec != std::errc() || major.ptr == end || *major.ptr != '.') return {0, 0};
  const auto minor = std::from_chars(major.ptr + 1, end, version.second);
  return minor.ec == std::errc() ? version : Version{0, 0};
}

/// "3.6.15" of a folder's name; empty for what is no plain release of CPython 3.
std::string release_of(std::string name) {
  constexpr std::string_view prefix = "cpython-";
  if (name.starts_with(prefix)) name = name.substr(prefix.size(), name.find('-', 8) - 8);
  const bool plain = name.find_first_not_of("0123456789.") == std::string::npos;
  return plain && version_of(name) >= Version{3, 4} ? name : std::string();
}

bool is_trusted(const fs::path& path) {
  struct stat facts{};
  return lstat(path.c_str(), &facts) == 0 && S_ISDIR(facts.st_mode) &&
         (facts.st_uid == 0 || facts.st_uid == geteuid()) &&
         (facts.st_mode & (S_IWGRP | S_IWOTH)) == 0;
}

fs::path home_or(const char* variable, const char* below_home) {
  // NOLINTBEGIN(concurrency-mt-unsafe): nobody sets any
  if (const char* value = std::getenv(variable); value != nullptr && *value == '/') return value;
  const char* const home = std::getenv("HOME");
  // NOLINTEND(concurrency-mt-unsafe)
  return home != nullptr && *home == '/' ? fs::path(home) / below_home : fs::path();
}

/// Up to which series of Django which versions of Python 3 fit, the best first
/// (docs.djangoproject.com/en/stable/faq/install/).
struct Fit {
  Version below;
  std::array<int, 4> minors;
};
constexpr auto fits = std::to_array<Fit>({
    {{1, 9}, {5, 4, 6, 0}},
    {{1, 11}, {6, 5, 7, 0}},
    {{2, 2}, {6, 7, 5, 0}},
    {{3, 0}, {8, 7, 9, 6}},
    {{3, 2}, {8, 9, 7, 6}},
    {{4, 0}, {9, 10, 8, 7}},
    {{4, 2}, {10, 9, 8, 11}},
    {{5, 0}, {11, 12, 10, 9}},
    {{5, 2}, {12, 11, 10, 13}},
    {{6, 0}, {12, 13, 11, 10}},
    {{99, 0}, {13, 12, 14, 0}},
});

}  // namespace

std::vector<Interpreter> interpreters_in(const fs::path& folder) {
  std::vector<Interpreter> found;
  std::error_code failed;
  for (const auto& entry : fs::directory_iterator(folder, failed)) {
    Interpreter one;
    one.version = release_of(entry.path().filename());
    if (one.version.empty() || !is_trusted(entry.path())) continue;
    one.folder = fs::canonical(entry.path(), failed);
    const Version version = version_of(one.version);
    one.program = one.folder / "bin" / ("python3." + std::to_string(version.second));
    if (!failed && access(one.program.c_str(), X_OK) == 0) found.push_back(std::move(one));
  }
  std::ranges::sort(found, {}, [](const Interpreter& one) {
    return std::pair(version_of(one.version), one.version);
  });
  return found;
}

std::vector<Interpreter> find_interpreters() {
  const fs::path pyenv = home_or("PYENV_ROOT", ".pyenv");
  std::vector<Interpreter> found;
  if (!pyenv.empty()) found = interpreters_in(pyenv / "versions");
  for (Interpreter& one :
       interpreters_in(home_or("UV_PYTHON_INSTALL_DIR", ".local/share/uv/python"))) {
    found.push_back(std::move(one));
  }
  return found;
}

std::optional<Interpreter> interpreter_for(std::string_view django,
                                           const std::vector<Interpreter>& found) {
  const Version series = version_of(django);
  const auto* const fit =
      std::ranges::find_if(fits, [&](const Fit& one) { return series < one.below; });
  if (series == Version{0, 0} || fit == fits.end()) return std::nullopt;
  for (const int minor : fit->minors) {
    if (minor == 0) break;
    const auto best = std::ranges::find_if(found, [&](const Interpreter& one) {
      return version_of(one.version) == Version{3, minor};
    });
    if (best != found.end()) return *best;
  }
  return std::nullopt;
}

bool loads_on(std::string_view django, std::string_view python) {
  // The abstract classes left `collections` with 3.10, inspect.getargspec left with 3.11, cgi and
  // others with 3.13.
  const Version series = version_of(django);
  const Version version = version_of(python);
  if (series == Version{0, 0} || version == Version{0, 0}) return true;
  if (series < Version{2, 2}) return version < Version{3, 10};
  return series >= Version{4, 2} || version < Version{3, 13};
}

std::string python_of_root(const fs::path& root) {
  std::error_code failed;
  const std::string name = fs::read_symlink(root / "usr/bin/python3", failed).filename();
  constexpr std::string_view prefix = "python";
  return name.starts_with(prefix) ? name.substr(prefix.size()) : std::string();
}

}  // namespace grader::sandbox
