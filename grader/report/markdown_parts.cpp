#include "grader/report/markdown_parts.hpp"

#include <ranges>

#include "grader/base/text.hpp"
#include "grader/report/words.hpp"

namespace grader::report::markdown {
namespace {

constexpr std::size_t quote_lines = 12;
constexpr std::size_t line_limit = 200;

}  // namespace

MarkdownText text(std::string_view raw, std::size_t limit) {
  return Markdown::text(excerpt(raw, limit));
}

MarkdownText code(std::string_view raw) { return Markdown::code(excerpt(raw, line_limit)); }

MarkdownText quote(std::string_view raw, std::size_t indent) {
  const auto lines = grader::text::lines(raw);
  std::string shown;
  for (const auto line : lines | std::views::take(quote_lines)) {
    shown += excerpt(line, line_limit) + "\n";
  }
  if (lines.size() > quote_lines) {
    shown += "… +" + std::to_string(lines.size() - quote_lines) + "\n";
  }
  return Markdown::fence(shown, indent);
}

}  // namespace grader::report::markdown
