#include "grader/project/pages/scripts.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <map>
#include <set>

#include "grader/base/text.hpp"
#include "grader/project/html_scanner.hpp"
#include "grader/python/parse_each.hpp"

namespace grader::project {
namespace {

constexpr std::uint64_t largest_script = 400U << 10U;
constexpr std::size_t most_scripts = 400;
constexpr std::size_t most_text = 4U << 20U;
constexpr std::size_t longest_line = 2'000;
constexpr std::size_t most_ranges = 1'000;

using Ranges = std::vector<std::pair<std::size_t, std::size_t>>;

bool is_script_file(std::string_view path, bool typescript) {
  static constexpr std::array ends{std::string_view(".js"),  std::string_view(".jsx"),
                                   std::string_view(".mjs"), std::string_view(".ts"),
                                   std::string_view(".tsx"), std::string_view(".vue")};
  return std::any_of(ends.begin(), typescript ? ends.end() : ends.begin() + 3,
                     [&](auto end) { return path.ends_with(end); });
}

/// The scripts of a single-file component at their places, all else blanked.
std::string component_code(const std::string& text) {
  std::string code(text.size(), ' ');
  for (const auto& tag : scan_html(text)) {
    if (tag.name != "script" || tag.closing) continue;
    const auto length = tag.content_end - tag.content_start;
    code.replace(tag.content_start, length, text, tag.content_start, length);
  }
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\n') code[i] = '\n';
  }
  return code;
}

struct Page {
  const Template* page;
  std::vector<TemplatePiece> pieces;
  std::vector<HtmlTag> tags;
  Ranges code;
};

bool is_code(const Template& page, const HtmlTag& tag) {
  const HtmlAttribute* type = tag.attribute("type");
  if (type == nullptr) return true;
  const auto kind =
      std::string_view(page.text).substr(type->value_start, type->value_end - type->value_start);
  return kind.empty() || kind == "module" || kind.find("javascript") != kind.npos ||
         kind.find("babel") != kind.npos || kind.find("jsx") != kind.npos;
}

Page read_page(const Template& page) {
  Page result{&page, scan_template(page.text), {}, {}};
  result.tags = scan_html(without_pieces(page.text, result.pieces));
  for (const auto& tag : result.tags) {
    if (tag.name == "script" && !tag.closing && tag.content_end > tag.content_start &&
        result.code.size() < most_ranges && is_code(page, tag)) {
      result.code.emplace_back(tag.content_start, tag.content_end);
    }
  }
  return result;
}

bool inside(const Ranges& ranges, std::size_t offset) {
  return std::ranges::any_of(
      ranges, [&](const auto& range) { return range.first <= offset && offset < range.second; });
}

/// A page may fill a block that its parent has inside a script.
void add_script_blocks(std::vector<Page>& pages) {
  std::set<std::string> in_script;
  for (const auto& page : pages) {
    for (const auto& [name, ranges] : blocks_of(page.pieces)) {
      if (!name.empty() && !ranges.empty() && inside(page.code, ranges.front().first)) {
        in_script.insert(name);
      }
    }
  }
  if (in_script.empty()) return;
  for (auto& page : pages) {
    const bool extends = std::ranges::any_of(
        page.pieces, [](const TemplatePiece& piece) { return piece.tag.name == "extends"; });
    if (!extends) continue;
    for (const auto& [name, ranges] : blocks_of(page.pieces)) {
      if (!in_script.contains(name)) continue;
      for (const auto& range : ranges) {
        const auto content =
            std::string_view(page.page->text).substr(range.first, range.second - range.first);
        if (content.find("<script") == content.npos) page.code.push_back(range);
      }
    }
  }
}

/// Django's variables as names, its tags as blanks, at the same length.
void blank_pieces(std::string& text, const std::vector<TemplatePiece>& pieces) {
  for (const auto& piece : pieces) {
    const bool variable = piece.tag.kind == TemplateTag::Kind::variable;
    for (std::size_t i = piece.start; i < piece.end; ++i) {
      if (text[i] != '\n' && text[i] != '\r') text[i] = variable ? 'x' : ' ';
    }
  }
}

std::string code_of(const Page& page, Ranges& handlers) {
  const std::string& source = page.page->text;
  std::string masked = source;
  blank_pieces(masked, page.pieces);
  std::string code(source.size(), ' ');
  for (std::size_t i = 0; i < source.size(); ++i) {
    if (source[i] == '\n') code[i] = '\n';
  }
  for (const auto& [from, to] : page.code) code.replace(from, to - from, masked, from, to - from);
  for (const auto& tag : page.tags) {
    if (tag.closing) continue;
    for (const auto& attribute : tag.attributes) {
      const auto from = attribute.value_start;
      const auto to = attribute.value_end;
      if (!attribute.name.starts_with("on") || attribute.quote == 0 || to <= from) continue;
      if (handlers.size() >= most_ranges || inside(page.code, from)) continue;
      code.replace(from, to - from, masked, from, to - from);
      code[from - 1] = ';';
      if (to < code.size()) code[to] = ';';
      handlers.emplace_back(from, to);
    }
  }
  return code;
}

/// The scripts of these pages, at most `budget` bytes of them, and the files.
std::vector<Script> parsed(std::vector<python::Source> files, std::vector<Page> pages,
                           std::size_t budget) {
  add_script_blocks(pages);
  std::vector<python::Source> sources;
  std::vector<std::pair<Page*, Ranges>> kept;
  for (auto& page : pages) {
    Ranges handlers;
    std::string code = code_of(page, handlers);
    if ((page.code.empty() && handlers.empty()) || code.size() > budget) continue;
    budget -= code.size();
    std::ranges::sort(handlers);
    sources.push_back({page.page->path, std::move(code)});
    kept.emplace_back(&page, std::move(handlers));
  }
  std::ranges::move(files, std::back_inserter(sources));
  std::vector<Script> scripts;
  for (auto& module : python::parse_each(std::move(sources), python::Language::javascript)) {
    const std::size_t i = scripts.size();
    if (i < kept.size()) {
      auto& [page, handlers] = kept[i];
      scripts.push_back(
          {std::move(module), page->page, std::move(page->pieces), std::move(handlers)});
    } else {
      scripts.push_back({std::move(module), nullptr, {}, {}});
    }
  }
  return scripts;
}

}  // namespace

std::map<std::string, Ranges> blocks_of(const std::vector<TemplatePiece>& pieces) {
  std::map<std::string, Ranges> blocks;
  std::vector<std::pair<std::string, std::size_t>> open;
  for (const auto& piece : pieces) {
    if (piece.tag.name == "block") {
      const auto words = tag_words(piece.tag.text);
      open.emplace_back(words.size() > 1 ? words[1] : std::string(), piece.end);
    } else if (piece.tag.name == "endblock" && !open.empty()) {
      blocks[open.back().first].emplace_back(open.back().second, piece.start);
      open.pop_back();
    }
  }
  return blocks;
}

bool writes_markup(std::string_view text) {
  return text::contains_any(
      text, {"HTML", "__html", "document.write", ".html(", ".append(", ".prepend(", ".after(",
             ".before(", ".replaceWith(", "$(`", "jQuery(`", "srcdoc"});
}

bool Script::in_handler(std::size_t offset) const {
  auto next = std::ranges::upper_bound(handlers, offset, {}, [](const auto& r) { return r.first; });
  return next != handlers.begin() && offset < (--next)->second;
}

bool is_library_script(std::string_view path, std::string_view text) {
  const std::string lowered = "/" + text::lower(path);
  if (lowered.ends_with(".min.js") || lowered.ends_with(".bundle.js")) return true;
  if (text::contains_any(
          lowered,
          {"/vendor/",   "/vendors/",        "/lib/",          "/libs/",      "/plugins/",
           "jquery",     "bootstrap",        "/admin/js/",     "/dist/",      "/build/",
           "crypto-js",  "cryptojs",         "popper",         "fontawesome", "/assets/js/core/",
           "datatables", "chart.js",         "/staticfiles/",  "select2",     "swiper",
           "sweetalert", "/rest_framework/", "/node_modules/", "/ckeditor/",  "/tinymce/",
           "zxcvbn",     "moment.js",        "lodash"})) {
    return true;
  }
  return std::ranges::any_of(text::lines(text),
                             [](auto line) { return line.size() > longest_line; });
}

std::vector<Script> read_scripts(const Project& project, const ScriptChoice& choice) {
  std::vector<python::Source> files;
  std::size_t total = 0;
  bool any = false;
  for (const auto& entry : project.files.entries) {
    if (entry.symlink || entry.size > largest_script) continue;
    if (!is_script_file(entry.path, choice.typescript)) continue;
    if (files.size() >= most_scripts || is_vendored(entry.path, project.files)) continue;
    auto text = project.files.text(entry.path);
    if (!text || is_library_script(entry.path, *text)) continue;
    total += text->size();
    if (total > most_text) break;
    any = any || choice.worth(*text);
    const bool component = entry.path.ends_with(".vue");
    files.push_back({entry.path, component ? component_code(*text) : std::move(*text)});
  }
  std::vector<Page> pages;
  for (const auto& page : project.templates) {
    if (page.text.size() > largest_script) continue;
    any = any || choice.worth(page.text);
    pages.push_back(read_page(page));
  }
  return any ? parsed(std::move(files), std::move(pages), most_text - std::min(total, most_text))
             : std::vector<Script>();
}

}  // namespace grader::project
