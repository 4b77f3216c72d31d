#pragma once

#include <string_view>

#include "grader/report/language.hpp"
#include "grader/report/template.hpp"
#include "grader/report/words.hpp"

/// The parts of report.html as values of their templates; for the files html*.cpp alone.
namespace grader::report::html {

/// Most findings of one check, steps of one finding and lines of one quotation that are shown;
/// report.json has them all.
inline constexpr std::size_t findings_shown = 8;
inline constexpr std::size_t steps_shown = 12;
inline constexpr std::size_t lines_shown = 20;
/// Bytes of evidence in a page. Findings behind it are told without their evidence, so that a
/// submission cannot make a page that no browser opens.
inline constexpr std::size_t evidence_bytes = 3U << 20U;

/// `raw` as element content, at most `limit` characters of it.
HtmlText shown(std::string_view raw, std::size_t limit = 600);

/// A text of ours, said in a language.
HtmlText word(std::string_view english, const std::string& language);

/// "and 3 more …" where `total` is over `limit`, as the flag has_NAME and the text NAME.
void add_rest(Fields& fields, Markup flag, Markup name, std::size_t total, std::size_t limit,
              std::string_view noun, const std::string& language);

/// Lines of a quotation, each a field `name`, without their common indent; at most lines_shown.
std::vector<Fields> quoted(std::string_view quote, Markup name);

/// How many bytes of evidence there is still room for, and the language of the page.
struct Room {
  std::size_t bytes = evidence_bytes;
  std::string language = "en";
};

/// A finding's message, confidence and the first `limit` steps of its evidence, as far as there is
/// room.
Fields finding(const grading::Finding& finding, Room& room, std::size_t limit = steps_shown);

/// The bands as a scale with the result on it, for part_scale.
void add_scale(Fields& page, const grading::Grade& grade, const std::string& language);

/// Each fills the fields of one part of the page.
void add_verdict(Fields& page, const Report& report);
void add_gates(Fields& page, const Report& report, Room& room);
void add_score(Fields& page, const Report& report);
void add_findings(Fields& page, const Report& report, Room& room);
void add_dossier(Fields& page, const Report& report, Room& room);
void add_good(Fields& page, const Report& report);
void add_open(Fields& page, const Report& report, Room& room);
void add_run(Fields& page, const Report& report);
void add_probe(Fields& page, const Report& report);
void add_history(Fields& page, const Report& report);
void add_inputs(Fields& page, const Report& report);

}  // namespace grader::report::html
