#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace grader::project {

/// One attribute of a start tag; offsets are bytes of the scanned text.
struct HtmlAttribute {
  std::string name;             ///< lower case
  std::size_t value_start = 0;  ///< between the quotes
  std::size_t value_end = 0;
  char quote = 0;  ///< '"', '\'', or 0 where the value has no quotes or is absent
};

/// One start or end tag, and for script and style what stands between the two.
struct HtmlTag {
  std::string name;  ///< lower case
  bool closing = false;
  std::size_t start = 0;
  std::size_t end = 0;
  std::vector<HtmlAttribute> attributes;
  std::size_t content_start = 0;  ///< of script, style, textarea and title
  std::size_t content_end = 0;

  /// The attribute of this name, or null.
  const HtmlAttribute* attribute(std::string_view attribute_name) const;
};

/// The tags of an HTML text, in their order; comments left out. Follows the tokenisation of the
/// HTML standard (13.2.5) as far as tags need it. No tree is built, so that nesting costs nothing;
/// linear in the size of the text.
std::vector<HtmlTag> scan_html(std::string_view text);

}  // namespace grader::project
