#pragma once
// Private to grader/project: what the readers of requirement files share.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "grader/project/facts.hpp"
#include "grader/project/project.hpp"

namespace grader::project {

/// A scalar of a TOML, JSON or YAML file: the way to it (list positions as numbers), its text, and
/// its line (0 where the format's reader does not tell).
struct Leaf {
  std::vector<std::string> keys;
  std::string value;
  int line = 0;
};

/// The scalars of a document in its order; nothing where it does not parse. At most 20,000 of them
/// and 40 levels.
std::optional<std::vector<Leaf>> toml_leaves(std::string_view text);
/// As toml_leaves.
std::optional<std::vector<Leaf>> json_leaves(std::string_view text);
/// As toml_leaves; only the first document, aliases followed within the same bounds.
std::optional<std::vector<Leaf>> yaml_leaves(std::string_view text);

/// One line of pip's format: a requirement, or an option, URL or VCS line as written.
std::optional<Requirement> requirement_of(std::string_view line);

/// A requirement of Pipfile or poetry: "*", "==1.2", "^4.2".
Requirement named_requirement(std::string_view name, std::string_view specifier);

/// The lines of pip's format, with the files that they include by -r; each file once.
struct PipFiles {
  std::vector<Requirement> requirements;
  std::vector<std::string> files;
};
/// Reads `path` and what it includes. At most 30 files of 5,000 lines.
PipFiles read_pip_file(const Files& files, const std::string& path);

/// The requirements of any other kind of file: Pipfile, pyproject.toml, setup.py, environment.yml.
struct Listed {
  std::vector<Requirement> requirements;
  std::vector<Requirement> others;  ///< of its development and test groups
  std::string python;
};
/// Reads it by its name.
Listed read_listing(const Project& project, const std::string& path);

/// What is imported or installed as an app and no name in `provided` (normalised) brings.
std::vector<MissingPackage> missing_packages(const Project& project,
                                             const std::vector<std::string>& provided);

}  // namespace grader::project
