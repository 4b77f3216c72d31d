// Searching that the pages' own scripts do, over rows that are already there.
#include <algorithm>
#include <set>

#include "grader/base/text.hpp"
#include "grader/project/parts.hpp"

namespace grader::project {
namespace {

constexpr std::uint64_t largest_script = 300'000;

struct Script {
  std::string name;  ///< of the file, in lower case
  std::string text;  ///< in lower case
};

/// A field to type a word into.
bool has_field(std::string_view page) {
  return text::contains_any(
      page, {"type=\"search\"", "id=\"search", "placeholder=\"search", "placeholder=\"recherch",
             "placeholder=\"rechercher", "placeholder=\"buscar", "placeholder=\"поиск",
             "searchinput", "search-input", "search_input"});
}

/// Hides what does not hold the word.
bool filters(std::string_view script) {
  return text::contains_any(script, {".includes(", "indexof(", ".match("}) &&
         script.find("tolowercase(") != script.npos &&
         text::contains_any(
             script, {"style.display", ".hide()", ".toggle(", ".show()", "classlist", ".hidden"});
}

/// The selector that stands before `at`: "#entries" of $('#entries').DataTable(.
std::string_view selector_before(std::string_view script, std::size_t at) {
  const auto close = script.find_last_of("'\"`", at);
  if (close == script.npos || close == 0 || at - close > 3) return {};
  const auto open = script.find_last_of(script[close], close - 1);
  return open == script.npos ? std::string_view() : script.substr(open + 1, close - open - 1);
}

bool selects(std::string_view selector, std::string_view page) {
  if (selector.size() < 2) return false;
  if (selector.front() == '#' || selector.front() == '.') {
    const std::string name(selector.substr(1));
    return page.find("\"" + name + "\"") != page.npos || page.find(name + " ") != page.npos;
  }
  return selector == "table" && page.find("<table") != page.npos;
}

/// DataTables puts a search field above the table that it is given.
bool makes_searchable(std::string_view script, std::string_view page) {
  constexpr std::string_view call = ".datatable(";
  for (auto at = script.find(call); at != script.npos; at = script.find(call, at + 1)) {
    if (selects(selector_before(script, at), page)) return true;
  }
  return false;
}

/// The submission's own scripts that may search.
std::vector<Script> searching_scripts(const Project& project) {
  std::vector<Script> scripts;
  for (const auto& entry : project.files.entries) {
    const bool script = entry.path.ends_with(".js") && !entry.path.ends_with(".min.js");
    if (!script || entry.size > largest_script || is_vendored(entry.path, project.files)) continue;
    const auto content = project.files.text(entry.path);
    if (!content || !text::contains_any(*content, {"toLowerCase(", "ataTable("})) continue;
    std::string text = text::lower(*content);
    if (filters(text) || text.find(".datatable(") != text.npos)
      scripts.push_back({text::lower(file_name(entry.path)), std::move(text)});
  }
  return scripts;
}

}  // namespace

std::optional<Location> find_page_search(const Project& project) {
  const auto scripts = searching_scripts(project);
  for (const auto& page : project.templates) {
    if (page.text.find("{% for") == page.text.npos) continue;
    const std::string text = text::lower(page.text);
    const bool field = has_field(text);
    const auto searches = [&](const Script& script) {
      const bool loaded = text.find(script.name) != text.npos;
      return (field && loaded && filters(script.text)) || makes_searchable(script.text, text);
    };
    if ((field && filters(text)) || makes_searchable(text, text) ||
        std::ranges::any_of(scripts, searches)) {
      return Location{page.path};
    }
  }
  return std::nullopt;
}

}  // namespace grader::project
