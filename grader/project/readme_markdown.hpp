#pragma once
// Private to grader/project: a README as blocks.

#include <string>
#include <string_view>
#include <vector>

namespace grader::project {

/// A heading, a paragraph (also one in a list or a table) or a block of code.
struct TextBlock {
  enum class Kind { heading, prose, code };
  Kind kind = Kind::prose;
  std::string text;     ///< without markup; `code` spans of prose between backquotes
  std::string section;  ///< headings above it, the outermost first, joined by " / "
  int line = 0;
  int level = 0;  ///< of a heading, from 1
};

/// The blocks of a CommonMark text in their order. Also fit for plain text and most of
/// reStructuredText: underlined headings, paragraphs and indented code are the same there. At most
/// 512 KiB are read and 5,000 blocks given.
std::vector<TextBlock> text_blocks(std::string_view markdown);

}  // namespace grader::project
