#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "grader/project/templates.hpp"

namespace grader::project {

/// A piece of a template between Django's delimiters, in bytes of the file.
struct TemplatePiece {
  std::size_t start = 0;  ///< of the opening delimiter
  std::size_t end = 0;    ///< after the closing delimiter
  TemplateTag tag;        ///< without its place
};

/// The tags, variables and comments of Django's template language, in their order. What stands in
/// {% comment %} is one comment; {% verbatim %} holds text. As Django does, a delimiter that is not
/// closed on its line is text. Linear in the size of the text.
/// https://docs.djangoproject.com/en/stable/ref/templates/language/
std::vector<TemplatePiece> scan_template(std::string_view text);

/// The text with every piece blanked at the same length, so that what is left reads as HTML:
/// spaces, or letters where an attribute's value has no quotes. Line ends stay.
std::string without_pieces(std::string_view text, const std::vector<TemplatePiece>& pieces);

/// Words of a tag as Django splits them: quotes hold a word together.
std::vector<std::string> tag_words(std::string_view text);

}  // namespace grader::project
