#include "tests/conformance/includes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <initializer_list>
#include <optional>
#include <string_view>

#include "grader/base/text.hpp"

namespace grader::conformance {

namespace {

using Names = std::vector<std::string_view>;

/// A folder and what it may include besides itself. A folder that is not named here may include
/// nothing of ours, so that a new one has to be placed.
struct Layer {
  std::string_view folder;
  Names may_include;
};

/// base ← submission ← python ← project ← checks. `grading` knows no check, `report` no rubric
/// file, boxes know base and project only, and what the boxes' stages hand on travels as values.
const std::vector<Layer>& layers() {
  static const std::vector<Layer> table{
      {"grader/base", {}},
      {"grader/submission", {"grader/base"}},
      {"grader/python", {"grader/base", "grader/submission"}},
      {"grader/project", {"grader/base", "grader/submission", "grader/python"}},
      {"grader/grading", {"grader/base"}},
      {"sandbox", {"grader/base", "grader/submission", "grader/project"}},
      {"checks",
       {"grader/base", "grader/submission", "grader/python", "grader/project", "grader/grading",
        "sandbox/rehearsal", "sandbox/probe"}},
      {"grader/dossier", {"grader/base", "grader/grading"}},
      {"grader/report",
       {"grader/base", "grader/submission", "grader/grading", "grader/dossier", "sandbox/rehearsal",
        "sandbox/probe"}},
      {"grader/cli", {"grader", "checks", "sandbox"}},
      {"tests", {"grader", "checks", "sandbox"}},
      {"bench", {"grader", "checks", "sandbox", "tests"}},
  };
  return table;
}

/// A third-party header (or all that begin with it) and where it may be included.
struct Part {
  std::string_view header;
  Names folders;
  bool in_headers = false;               ///< cheap to compile and part of an interface of ours
  std::string_view header_of_ours = {};  ///< the one header that wraps it, for its folder alone
};

const std::vector<Part>& parts() {
  static const std::vector<Part> table{
      {"git2", {"grader/submission"}, false, "grader/submission/git.hpp"},
      {"tree_sitter/", {"grader/python"}},
      {"yaml.h", {"grader/grading"}},
      {"yaml-cpp/", {"grader/project"}},
      {"boost/process", {"grader/base"}},
      {"boost/asio", {"grader/base", "sandbox"}},
      {"boost/beast", {"sandbox/probe"}},
      {"boost/rational.hpp", {"grader/grading"}, true},
      {"CLI/", {"grader/cli"}},
      {"nlohmann/json_fwd.hpp", {"grader", "checks", "sandbox"}, true},
      {"nlohmann/", {"grader/report", "grader/cli", "grader/grading", "grader/project", "sandbox"}},
      {"cmark", {"grader/project", "grader/report"}},
      {"gumbo", {"grader/project", "sandbox/probe"}},
      {"sqlite3.h", {"sandbox/probe"}},
      {"zlib.h", {"sandbox/probe"}},
      {"toml++/", {"grader/project"}},
      {"kainjow/", {"grader/report"}},
      {"openssl/", {"grader/base", "grader/submission"}},
      {"clang-c/", {"tests/conformance"}},
      {"doctest/", {"tests"}},
  };
  return table;
}

bool below(std::string_view path, std::string_view folder) {
  return path.size() > folder.size() && path.starts_with(folder) && path[folder.size()] == '/';
}

bool below_any(std::string_view path, const Names& folders) {
  return std::ranges::any_of(folders, [&](auto folder) { return below(path, folder); });
}

struct Include {
  std::string_view name;
  bool quoted = false;
};

/// The include of a line, where it is one.
std::optional<Include> included(std::string_view line) {
  line = text::trim(line);
  if (!line.starts_with('#')) return {};
  line = text::trim(line.substr(1));
  if (!line.starts_with("include")) return {};
  line = text::trim(line.substr(7));
  if (line.empty() || (line.front() != '"' && line.front() != '<')) return {};
  const bool quoted = line.front() == '"';
  const auto end = line.find(quoted ? '"' : '>', 1);
  if (end == std::string_view::npos) return {};
  return Include{line.substr(1, end - 1), quoted};
}

/// Calls `visit(source, line number, include)` for each include of all sources.
template <typename Visit>
void for_each_include(const std::vector<Source>& sources, const Visit& visit) {
  for (const auto& source : sources) {
    for (std::size_t i = 0; i < source.lines.size(); ++i) {
      if (const auto include = included(source.lines[i])) {
        visit(source, static_cast<int>(i + 1), *include);
      }
    }
  }
}

const Layer* layer_of(std::string_view path) {
  const auto found =
      std::ranges::find_if(layers(), [&](const Layer& layer) { return below(path, layer.folder); });
  return found == layers().end() ? nullptr : &*found;
}

}  // namespace

std::vector<Problem> check_layering(const std::vector<Source>& sources) {
  std::vector<Problem> problems;
  for_each_include(sources, [&](const Source& source, int line, const Include& include) {
    if (!include.quoted) return;
    const auto tell = [&](std::string message) {
      problems.push_back({source.path, line, "layering", std::move(message)});
    };
    const Layer* layer = layer_of(source.path);
    if (layer == nullptr) {
      return tell("this folder has no place in the table of tests/conformance/includes.cpp");
    }
    if (layer_of(include.name) == nullptr) {
      return tell(fmt::format("write \"{}\" from the top of the tree, or in <> if it is not ours",
                              include.name));
    }
    if (!below(include.name, layer->folder) && !below_any(include.name, layer->may_include)) {
      tell(fmt::format("{} may not include {}", layer->folder, include.name));
    }
  });
  return problems;
}

std::vector<Problem> check_third_party(const std::vector<Source>& sources) {
  std::vector<Problem> problems;
  for_each_include(sources, [&](const Source& source, int line, const Include& include) {
    if (include.quoted) return;
    const auto part = std::ranges::find_if(
        parts(), [&](const Part& candidate) { return include.name.starts_with(candidate.header); });
    if (part == parts().end()) return;
    const auto tell = [&](std::string message) {
      problems.push_back({source.path, line, "third-party", std::move(message)});
    };
    if (!source.is_test() && !below_any(source.path, part->folders)) {
      tell(fmt::format("<{}> belongs into {} alone", include.name, fmt::join(part->folders, ", ")));
    } else if (source.is_header() && !source.is_test() && !part->in_headers &&
               source.path != part->header_of_ours) {
      tell(fmt::format("<{}> belongs into a .cpp file: it is slow to compile", include.name));
    }
  });
  return problems;
}

std::vector<Problem> check_file_lengths(const std::vector<Source>& sources) {
  constexpr std::size_t most = 450;
  std::vector<Problem> problems;
  for (const auto& source : sources) {
    const std::size_t length = source.lines.size();
    // checks/FAMILY/NAME.cpp is one check; files directly in checks/ are not.
    const bool check =
        source.path.starts_with("checks/") && std::ranges::count(source.path, '/') == 2;
    const std::size_t wanted = check ? 120 : 300;
    if (length <= wanted) continue;
    problems.push_back({source.path, 0, "file-length",
                        fmt::format("{} lines; split it by what it does (about {}, at most {})",
                                    length, wanted, most),
                        length <= most});
  }
  return problems;
}

}  // namespace grader::conformance
