#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "grader/project/project.hpp"
#include "grader/project/template_scanner.hpp"
#include "grader/python/syntax.hpp"

namespace grader::project {

/// JavaScript of the submission's own: a file, or all scripts and event handlers of a template at
/// their places, with blanks for the rest.
struct Script {
  python::Module module;
  const Template* page = nullptr;     ///< null for a file
  std::vector<TemplatePiece> pieces;  ///< Django's tags; in the text names of the same length
  std::vector<std::pair<std::size_t, std::size_t>> handlers;  ///< ranges of on… attributes

  /// True if this place is code of an event handler attribute.
  bool in_handler(std::size_t offset) const;
};

/// Parts of a page between {% block NAME %} and its end, by name, in bytes; blocks may nest.
std::map<std::string, std::vector<std::pair<std::size_t, std::size_t>>> blocks_of(
    const std::vector<TemplatePiece>& pieces);

/// True for libraries: minified (a line of more than 2,000 bytes), named so, or in a folder of
/// other people's code. These are never parsed.
bool is_library_script(std::string_view path, std::string_view text);

/// Which scripts are wanted.
struct ScriptChoice {
  bool (*worth)(std::string_view text) = nullptr;  ///< nothing is parsed where this is true of none
  bool typescript = false;  ///< .ts, .tsx and .vue too, as far as JavaScript's grammar reads them
};

/// The scripts of the submission: at most 400 files of at most 400 KiB, 4 MiB in all.
std::vector<Script> read_scripts(const Project& project, const ScriptChoice& choice);

/// True for code that writes markup into a page.
bool writes_markup(std::string_view text);

}  // namespace grader::project
