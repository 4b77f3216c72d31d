#include <ranges>

#include "grader/report/html_parts.hpp"

namespace grader::report::html {
namespace {

using grading::Decimal;

constexpr std::size_t reasons_shown = 8;

/// Shares of a bar, left to right; what they leave is not earned.
struct Bar {
  double earned = 0;
  double unclear = 0;
  double ours = 0;
};

Bar bar(const Decimal& points, const OpenPoints& open, const Decimal& maximum) {
  if (maximum <= Decimal(0)) return {};
  return {(points / maximum).approximate(), (open.submission / maximum).approximate(),
          ((open.grader + open.left_out) / maximum).approximate()};
}

Fields criterion(const grading::Mark& mark, const std::string& language) {
  const Bar shares =
      bar(mark.points, {mark.open_grader, mark.open_submission, mark.left_out}, mark.maximum);
  std::vector<Fields> reasons;
  for (const auto& reason : mark.reasons | std::views::take(reasons_shown)) {
    reasons.emplace_back().text("reason", shown(reason));
  }
  Fields fields;
  fields.text("criterion_title", shown(mark.title))
      .text("criterion_points", shown(number_in_words(grading::to_string(mark.points), language)))
      .text("criterion_maximum", shown(number_in_words(grading::to_string(mark.maximum), language)))
      .attribute("criterion_earned", Token::percent(shares.earned))
      .attribute("criterion_unclear_x", Token::percent(shares.earned))
      .attribute("criterion_unclear", Token::percent(shares.unclear))
      .attribute("criterion_ours_x", Token::percent(shares.earned + shares.unclear))
      .attribute("criterion_ours", Token::percent(shares.ours))
      .flag("has_reasons", !reasons.empty())
      .list("reasons", std::move(reasons));
  add_rest(fields, "has_more_reasons", "more_reasons", mark.reasons.size(), reasons_shown, "reason",
           language);
  return fields;
}

Fields section(const grading::SectionMark& mark, const std::string& language) {
  const Bar shares = bar(mark.points, open_points(mark), mark.maximum);
  std::vector<Fields> criteria;
  criteria.reserve(mark.marks.size());
  for (const auto& item : mark.marks) criteria.push_back(criterion(item, language));
  Fields fields;
  fields.text("section_title", shown(mark.title))
      .text("section_points", shown(number_in_words(grading::to_string(mark.points), language)))
      .text("section_maximum", shown(number_in_words(grading::to_string(mark.maximum), language)))
      .attribute("earned", Token::percent(shares.earned))
      .attribute("unclear_x", Token::percent(shares.earned))
      .attribute("unclear", Token::percent(shares.unclear))
      .attribute("ours_x", Token::percent(shares.earned + shares.unclear))
      .attribute("ours", Token::percent(shares.ours))
      .list("criteria", std::move(criteria));
  return fields;
}

void add_entries(std::vector<Fields>& rows, const std::vector<grading::LedgerEntry>& entries,
                 const HtmlText& kind, Markup sign) {
  for (const auto& entry : entries) {
    rows.emplace_back()
        .text("ledger_kind", kind)
        .text("ledger_title", shown(entry.title))
        .text("ledger_points", sign + shown(grading::to_string(entry.points)));
  }
}

}  // namespace

void add_score(Fields& page, const Report& report) {
  std::vector<Fields> sections;
  sections.reserve(report.grade.sections.size());
  for (const auto& mark : report.grade.sections) sections.push_back(section(mark, report.language));
  std::vector<Fields> ledger;
  add_entries(ledger, report.grade.bonus, word("Bonus", report.language), "+");
  add_entries(ledger, report.grade.penalties, word("Penalty", report.language), "−");
  page.list("sections", std::move(sections))
      .flag("has_ledger", !ledger.empty())
      .list("ledger", std::move(ledger));
}

}  // namespace grader::report::html
