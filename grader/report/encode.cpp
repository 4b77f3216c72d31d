#include <algorithm>

#include "grader/base/text.hpp"
#include "grader/report/encoded.hpp"

namespace grader::report {
namespace {

constexpr std::string_view zero_width_space = "\u200B";

constexpr bool is_word(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
         static_cast<unsigned char>(c) >= 0x80;
}
constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// Escapes what both HTML and XML would read as markup.
std::string escape_markup(std::string_view text) {
  std::string out;
  out.reserve(text.size() + text.size() / 8);
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

/// Line ends and tabs become blanks, ends are trimmed.
std::string one_line(std::string_view raw) {
  std::string text(raw);
  std::ranges::replace_if(text, [](char c) { return c == '\n' || c == '\r' || c == '\t'; }, ' ');
  return text::printable(text::trim(text));
}

std::size_t longest_run(std::string_view text, char wanted) {
  std::size_t longest = 0;
  std::size_t run = 0;
  for (const char c : text) {
    run = c == wanted ? run + 1 : 0;
    longest = std::max(longest, run);
  }
  return longest;
}

/// CI servers obey lines of a log: "::error::…" at the start, "##[…]" and "##vso[…]" anywhere. A
/// zero-width space breaks both.
std::string without_commands(std::string text) {
  text = text::replace_all(std::move(text), "##", "#" + std::string(zero_width_space) + "#");
  const std::string broken = ":" + std::string(zero_width_space) + ":";
  if (text.starts_with("::")) text.replace(0, 2, broken);
  return text::replace_all(std::move(text), " ::", " " + broken);
}

/// A character that Markdown reads as markup only at the start of a line: a list, a heading's
/// underline, a quick action; or after a number that starts the line.
bool opens_block(std::string_view text, std::size_t at) {
  const char c = text[at];
  if (at == 0) return c == '-' || c == '+' || c == '=' || c == '/';
  const bool ends = at + 1 == text.size() || text[at + 1] == ' ';
  return (c == '.' || c == ')') && ends && std::ranges::all_of(text.substr(0, at), is_digit);
}

}  // namespace

HtmlText Html::text(std::string_view raw) {
  return HtmlText::encoded(escape_markup(text::printable(raw, "\n\t")));
}

XmlText Xml::text(std::string_view raw) {
  // U+FFFE and U+FFFF are the characters that XML 1.0 has no place for and that printable() keeps.
  std::string text = text::replace_all(text::printable(raw, "\n\t"), "\uFFFE", "\uFFFD");
  text = escape_markup(text::replace_all(std::move(text), "\uFFFF", "\uFFFD"));
  text = text::replace_all(std::move(text), "\n", "&#10;");
  return XmlText::encoded(text::replace_all(std::move(text), "\t", "&#9;"));
}

MarkdownText Markdown::text(std::string_view raw) {
  constexpr std::string_view special = "\\`*_[]<>#&|~$";
  const std::string line = one_line(raw);
  std::string out;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    const auto before = std::string_view(line).substr(0, i);
    const auto after = std::string_view(line).substr(i + 1);
    const bool address =
        (c == ':' && after.starts_with("//")) || (c == '.' && before.ends_with("www"));
    if (address || special.find(c) != special.npos || opens_block(line, i)) out += '\\';
    out += c;
    if ((c == '@' || c == '#') && !after.empty() && is_word(after[0])) out += zero_width_space;
  }
  return MarkdownText::encoded(std::move(out));
}

MarkdownText Markdown::code(std::string_view raw) {
  const std::string line = one_line(raw);
  if (line.empty()) return {};
  const std::string ticks(longest_run(line, '`') + 1, '`');
  const bool padded = line.front() == '`' || line.back() == '`';
  const std::string_view pad = padded ? " " : "";
  return MarkdownText::encoded(ticks + std::string(pad) + line + std::string(pad) + ticks);
}

MarkdownText Markdown::fence(std::string_view raw, std::size_t indent) {
  const std::string text = text::printable(raw, "\n\t");
  const std::string margin(indent, ' ');
  const std::string ticks(std::max<std::size_t>(3, longest_run(text, '`') + 1), '`');
  std::string out = margin + ticks + "\n";
  for (const auto line : text::lines(text)) out += margin + std::string(line) + "\n";
  return MarkdownText::encoded(out + margin + ticks + "\n");
}

TerminalText Terminal::text(std::string_view raw) {
  return TerminalText::encoded(without_commands(one_line(raw)));
}

TerminalText Terminal::text_padded(std::string_view raw, std::size_t columns) {
  std::string line = without_commands(one_line(raw));
  const auto length = static_cast<std::size_t>(std::ranges::count_if(
      line, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
  if (length < columns) line.append(columns - length, ' ');
  return TerminalText::encoded(std::move(line));
}

CsvText Csv::cell(std::string_view raw) {
  const std::string text = one_line(raw);
  constexpr std::string_view formula = "=+-@|%";
  const bool number = !text.empty() && text.find_first_not_of("0123456789.") == text.npos;
  const bool risky = !number && !text.empty() && formula.find(text.front()) != formula.npos;
  return CsvText::encoded("\"" + std::string(risky ? "'" : "") +
                          text::replace_all(text, "\"", "\"\"") + "\"");
}

}  // namespace grader::report
