#include "grader/report/batch_page.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>

#include "grader/report/html_parts.hpp"
#include "grader/report/language.hpp"
#include "grader/report/words.hpp"

namespace grader::report {
namespace {

constexpr std::size_t gates_shown = 3;
constexpr std::size_t buckets = 5;

/// In thousandths, for sorting.
Token thousandths(const grading::Decimal& value) {
  return Token(static_cast<int>(value.approximate() * 1'000));
}

Fields gate_fields(const grading::TrippedGate& gate, const std::string& language) {
  Fields fields;
  fields.text("row_gate", html::shown(said(gate.title, language), 120));
  return fields;
}

Fields row_fields(const BatchRow& row, const std::string& language) {
  const auto& grade = row.grade;
  const bool graded = row.error.empty();
  const double percent = graded ? grade.percent.approximate() / 100 : 0;
  std::vector<Fields> gates;
  std::size_t tripped = 0;
  for (const auto& gate : grade.gates) {
    if (gate.tripped && ++tripped <= gates_shown) gates.push_back(gate_fields(gate, language));
  }
  const bool open = grade.needs_person || grade.band.empty();
  Fields fields;
  fields.text("row_name", html::shown(row.name, 120))
      .flag("row_linked", row.has_page)
      .flag("row_unlinked", !row.has_page)
      .attribute("row_link", Token::file(row.folder, "report.html"))
      .flag("row_graded", graded)
      .flag("row_failed", !graded)
      .text("row_error", html::shown(row.error, 300))
      .attribute("row_sort", graded ? thousandths(grade.percent) : Token(-1))
      .attribute("row_low_sort", graded ? thousandths(grade.low) : Token(-1))
      .attribute("row_gates_sort", Token(tripped))
      .attribute("row_width", Token::percent(percent))
      .text("row_percent",
            html::shown(number_in_words(grading::to_string(grade.percent), language)))
      .text("row_range", html::shown(said(open_range(grade), language)))
      .text("row_band", open ? html::word("Needs a person", language)
                             : html::shown(said(grade.band_title, language)))
      .list("row_gates", std::move(gates));
  return fields;
}

/// How the submissions of a round met one criterion.
struct Spread {
  std::string title;
  std::string section;
  std::array<int, buckets> counts{};
  double sum = 0;
  int asked = 0;
};

std::vector<Spread> spreads_of(const std::vector<BatchRow>& rows) {
  std::vector<Spread> result;
  std::map<std::string, std::size_t> index;
  for (const auto& row : rows) {
    for (const auto& section : row.grade.sections) {
      for (const auto& mark : section.marks) {
        const auto [at, added] = index.try_emplace(mark.criterion, result.size());
        if (added) result.push_back({mark.title, section.title, {}, 0, 0});
        if (mark.maximum <= mark.open_grader + mark.left_out) continue;
        Spread& spread = result[at->second];
        const double part = share(mark);
        ++spread.counts.at(std::min(buckets - 1, static_cast<std::size_t>(part * buckets)));
        spread.sum += part;
        ++spread.asked;
      }
    }
  }
  return result;
}

Fields spread_fields(const Spread& spread, const std::string& language) {
  std::vector<Fields> bars;
  const int most = std::max(1, *std::ranges::max_element(spread.counts));
  for (std::size_t i = 0; i < buckets; ++i) {
    const int height = 28 * spread.counts.at(i) / most;
    bars.emplace_back()
        .attribute("bar_x", Token(static_cast<int>(i) * 22))
        .attribute("bar_y", Token(30 - height))
        .attribute("bar_height", Token(height));
  }
  const double mean = spread.asked > 0 ? spread.sum / spread.asked : 0;
  const auto percent = static_cast<int>(std::lround(mean * 100));
  Fields fields;
  fields.text("spread_title", html::shown(said(spread.title, language)))
      .text("spread_section", html::shown(said(spread.section, language)))
      .attribute("spread_sort", Token(percent))
      .text("spread_mean", html::shown(std::to_string(percent) + " %"))
      .attribute("spread_width", Token::percent(mean))
      .text("spread_asked", html::shown(std::to_string(spread.asked)))
      .list("spread_bars", std::move(bars));
  return fields;
}

std::vector<Fields> band_fields(const std::vector<BatchRow>& rows, const std::string& language) {
  std::map<std::string, int> counts;
  std::vector<std::string> order;
  int errors = 0;
  for (const auto& row : rows) {
    for (const auto& band : row.grade.bands) {
      if (counts.try_emplace(band.title, 0).second) order.push_back(band.title);
    }
  }
  order.emplace_back("Needs a person");
  for (const auto& row : rows) {
    const bool open = row.grade.needs_person || row.grade.band.empty();
    if (!row.error.empty()) {
      ++errors;
    } else {
      ++counts[open ? "Needs a person" : row.grade.band_title];
    }
  }
  std::vector<Fields> result;
  const auto add = [&](std::string_view title, int count) {
    result.emplace_back()
        .text("band_title", html::word(title, language))
        .text("band_count", html::shown(std::to_string(count)));
  };
  for (const auto& title : order) add(title, counts[title]);
  if (errors > 0) add("Not graded", errors);
  return result;
}

}  // namespace

BatchRow batch_row(const Report& report, const std::string& folder, bool has_page) {
  BatchRow row{folder,
               has_page,
               display_name(report.submission.source),
               report.submission.source,
               report.submission.commit,
               {},
               report.grade};
  for (auto& section : row.grade.sections) {
    for (auto& mark : section.marks) {
      mark.reasons.clear();
      mark.checks.clear();
    }
  }
  for (auto& gate : row.grade.gates) gate.evidence.clear();
  return row;
}

std::string batch_html(const std::vector<BatchRow>& rows, const BatchInfo& info) {
  const HtmlText style = Html::asset("style.css");
  const HtmlText script = Html::asset("sort.js");
  const auto& language = info.language;
  std::vector<Fields> table;
  table.reserve(rows.size());
  for (const auto& row : rows) table.push_back(row_fields(row, language));
  std::vector<Fields> spreads;
  for (const auto& spread : spreads_of(rows)) spreads.push_back(spread_fields(spread, language));
  Fields page;
  page.text("style", style)
      .attribute("style_hash", Token::csp_hash(style))
      .text("script", script)
      .attribute("script_hash", Token::csp_hash(script))
      .attribute("page_lang", language == "ru" ? Token("ru") : Token("en"))
      .text("made_on", html::shown(date_in_words(date(info.as_of), language)))
      .text("row_count", html::word(plural(rows.size(), "submission"), language))
      .list("band_counts", band_fields(rows, language))
      .list("rows", std::move(table))
      .flag("has_spreads", !spreads.empty())
      .list("spreads", std::move(spreads));
  return Template::render("batch", page, language).bytes();
}

}  // namespace grader::report
