#include "grader/base/text.hpp"
#include "grader/report/dossier_words.hpp"
#include "grader/report/html_parts.hpp"

namespace grader::report::html {
namespace {

constexpr std::size_t text_limit = 1'500;

Fields question(const dossier::Asked& asked, const std::string& language, Room& room) {
  const bool numbered = asked.at.line > 0;
  const bool fits = asked.quote.size() <= room.bytes;
  if (fits) room.bytes -= asked.quote.size();
  Fields fields;
  fields.text("ask", shown(asked.ask.in(language), text_limit))
      .text("ask_place", shown(place_of(asked), 300))
      .text("ask_level", shown(label("level" + std::to_string(asked.level), language)))
      .flag("has_ask_quote", fits && !asked.quote.empty())
      .attribute("ask_code_class", numbered ? Token("numbered") : Token("plain"))
      .attribute("ask_first_line", Token(numbered ? asked.at.line : 1))
      .list("ask_lines", fits ? quoted(asked.quote, "ask_line") : std::vector<Fields>())
      .text("as_junior", shown(asked.junior.in(language), text_limit))
      .text("as_middle", shown(asked.middle.in(language), text_limit))
      .text("ask_next", shown(asked.follow_up.in(language), text_limit));
  std::vector<Fields> watch;
  for (const auto& item : asked.watch) {
    watch.emplace_back().text("watch_item", shown(item.in(language), text_limit));
  }
  fields.flag("has_watch", !watch.empty()).list("watch_items", std::move(watch));
  return fields;
}

Fields part_fields(const dossier::Part& part, const std::string& language, Room& room) {
  std::vector<Fields> questions;
  for (const auto& asked : part.questions) questions.push_back(question(asked, language, room));
  Fields fields;
  fields.text("part_title", shown(part.title.in(language)))
      .text("part_minutes", shown(minutes_in_words(part.minutes, language)))
      .text("part_hint", shown(part.hint.in(language)))
      .list("questions", std::move(questions));
  return fields;
}

}  // namespace

void add_dossier(Fields& page, const Report& report, Room& room) {
  const auto& dossier = report.dossier;
  const std::string& language = report.language;
  page.flag("has_dossier", !dossier.empty());
  if (dossier.empty()) return;
  std::vector<Fields> parts;
  for (const auto& part : dossier.parts) parts.push_back(part_fields(part, language, room));
  std::vector<Fields> rows;
  for (const auto& row : dossier.sheet) {
    rows.emplace_back()
        .text("row_title", shown(row.title.in(language)))
        .text("row_junior", shown(row.junior.in(language)))
        .text("row_middle", shown(row.middle.in(language)));
  }
  const auto word = [&](std::string_view key) { return shown(label(key, language)); };
  page.text("dossier_title", word("dossier"))
      .attribute("dossier_lang", language == "ru" ? Token("ru") : Token("en"))
      .text("dossier_minutes", shown(minutes_in_words(dossier.minutes, language)))
      .list("dossier_parts", std::move(parts))
      .list("sheet_rows", std::move(rows))
      .text("label_junior", word("junior"))
      .text("label_middle", word("middle"))
      .text("label_next", word("follow_up"))
      .text("label_watch", word("watch"))
      .text("label_sheet", word("sheet"))
      .text("label_scale", word("scale"))
      .text("label_criterion", word("criterion"))
      .text("label_points", word("points"))
      .text("label_reason", word("reason"));
}

}  // namespace grader::report::html
