#pragma once

#include <string_view>

#include "grader/report/encoded.hpp"
#include "grader/report/report.hpp"

/// The parts of report.md, for the files markdown*.cpp alone.
namespace grader::report::markdown {

/// `raw` as running text, at most `limit` characters of it.
MarkdownText text(std::string_view raw, std::size_t limit = 600);

/// `raw` as a code span.
MarkdownText code(std::string_view raw);

/// A fenced block of at most 12 lines, each indented by `indent` spaces.
MarkdownText quote(std::string_view raw, std::size_t indent);

/// The interviewer's dossier; nothing where there is none.
MarkdownText dossier(const Report& report);

}  // namespace grader::report::markdown
