#include "grader/report/dossier_words.hpp"
#include "grader/report/markdown_parts.hpp"

namespace grader::report::markdown {
namespace {

constexpr std::size_t text_limit = 1'500;

MarkdownText said(std::string_view name, const std::string& what) {
  return "    - *" + text(name) + ":* " + text(what, text_limit) + "\n";
}

MarkdownText question(const dossier::Asked& asked, const std::string& language) {
  MarkdownText out = "  - **" + text(asked.ask.in(language), text_limit) + "**\n";
  out += "    - " + code(place_of(asked)) + ", " +
         text(label("level" + std::to_string(asked.level), language)) + "\n";
  if (!asked.quote.empty()) out += "\n" + quote(asked.quote, 6) + "\n";
  out += said(label("junior", language), asked.junior.in(language));
  out += said(label("middle", language), asked.middle.in(language));
  out += said(label("follow_up", language), asked.follow_up.in(language));
  for (const auto& item : asked.watch) out += said(label("watch", language), item.in(language));
  return out;
}

MarkdownText sheet(const dossier::Dossier& dossier, const std::string& language) {
  MarkdownText out = "\n### " + text(label("sheet", language)) + "\n\n" +
                     text(label("scale", language)) + "\n\n| " +
                     text(label("criterion", language)) + " | Junior | Middle | " +
                     text(label("points", language)) + " | " + text(label("reason", language)) +
                     " |\n|---|---|---|---|---|\n";
  for (const auto& row : dossier.sheet) {
    out += "| " + text(row.title.in(language)) + " | " + text(row.junior.in(language)) + " | " +
           text(row.middle.in(language)) + " | | |\n";
  }
  return out;
}

}  // namespace

MarkdownText dossier(const Report& report) {
  if (report.dossier.empty()) return {};
  const std::string& language = report.language;
  MarkdownText out = "\n## " + text(label("dossier", language)) + ": " +
                     text(minutes_in_words(report.dossier.minutes, language)) + "\n\n";
  for (const auto& part : report.dossier.parts) {
    out += "- **" + text(part.title.in(language)) + "**, " +
           text(minutes_in_words(part.minutes, language)) + ". " + text(part.hint.in(language)) +
           "\n";
    for (const auto& asked : part.questions) out += question(asked, language);
  }
  return out + sheet(report.dossier, language);
}

}  // namespace grader::report::markdown
