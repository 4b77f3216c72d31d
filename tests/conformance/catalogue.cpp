#include "tests/conformance/catalogue.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <set>
#include <string_view>
#include <system_error>

#include "grader/base/text.hpp"

namespace grader::conformance {

namespace {

namespace fs = std::filesystem;

constexpr auto catalogue_file = "checks/catalogue.def";

/// Id ("family/name") → its line in catalogue.def.
using Lines = std::map<std::string, int>;

struct Catalogue {
  Lines checks;
  std::set<std::string> families;
  std::vector<Problem> problems;
};

Catalogue read_catalogue(const std::string& top) {
  Catalogue catalogue;
  const std::string bytes = read_file(top + "/" + catalogue_file);
  int number = 0;
  for (const auto full : text::lines(bytes)) {
    ++number;
    const std::string_view line = text::trim(full);
    constexpr std::string_view opening = "GRADER_CHECK(";
    if (!line.starts_with(opening) || !line.ends_with(')')) continue;
    const auto parts =
        text::split(line.substr(opening.size(), line.size() - opening.size() - 1), ',');
    if (parts.size() != 2) continue;
    const std::string family(text::trim(parts[0]));
    const std::string id = family + "/" + std::string(text::trim(parts[1]));
    catalogue.families.insert(family);
    if (!catalogue.checks.emplace(id, number).second) {
      catalogue.problems.push_back(
          {catalogue_file, number, "catalogue", id + " stands here twice"});
    }
  }
  return catalogue;
}

std::vector<fs::directory_entry> entries(const fs::path& folder) {
  std::error_code none;
  std::vector<fs::directory_entry> found;
  for (const auto& entry : fs::directory_iterator(folder, none)) found.push_back(entry);
  std::ranges::sort(found);
  return found;
}

bool has_side(const fs::path& fixture, std::string_view side) {
  return std::ranges::any_of(entries(fixture), [&](const auto& entry) {
    return entry.path().filename().string().starts_with(side);
  });
}

}  // namespace

std::vector<Problem> check_catalogue(const std::string& top) {
  Catalogue catalogue = read_catalogue(top);
  auto& problems = catalogue.problems;
  for (const auto& [id, line] : catalogue.checks) {
    const auto tell = [&](std::string message) {
      problems.push_back({catalogue_file, line, "catalogue", std::move(message)});
    };
    if (!fs::exists(fs::path(top) / "checks" / (id + ".cpp"))) {
      tell(fmt::format("there is no checks/{}.cpp", id));
    }
    for (const char* side : {"bad", "good"}) {
      // A bonus is never missed: it has trees that must stay silent only.
      if (id.starts_with("bonus/") && std::string_view(side) == "bad") continue;
      if (!has_side(fs::path(top) / "fixtures" / id, side)) {
        tell(fmt::format("fixtures/{} has no {} side", id, side));
      }
    }
  }
  // A folder that no line names is a family without checks, or one for what checks share.
  for (const auto& family : catalogue.families) {
    for (const auto& entry : entries(fs::path(top) / "checks" / family)) {
      const std::string id = family + "/" + entry.path().stem().string();
      if (entry.path().extension() == ".cpp" && !catalogue.checks.contains(id)) {
        problems.push_back(
            {"checks/" + id + ".cpp", 0, "catalogue",
             "has no line in checks/catalogue.def (what checks share lies in checks/)"});
      }
    }
    for (const auto& entry : entries(fs::path(top) / "fixtures" / family)) {
      const std::string id = family + "/" + entry.path().filename().string();
      if (entry.is_directory() && !catalogue.checks.contains(id)) {
        problems.push_back(
            {"fixtures/" + id, 0, "catalogue", "has no line in checks/catalogue.def"});
      }
    }
  }
  return problems;
}

}  // namespace grader::conformance
