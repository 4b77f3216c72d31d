#include <ranges>

#include "grader/base/text.hpp"
#include "grader/report/html_parts.hpp"

namespace grader::report::html {
namespace {

double share_of_hundred(const grading::Decimal& value) { return value.approximate() / 100; }

/// A shade a band, lightest at the bottom of the scale.
Markup band_class(std::size_t index) {
  switch (index) {
    case 0:
      return "b0";
    case 1:
      return "b1";
    case 2:
      return "b2";
    case 3:
      return "b3";
    default:
      return "b4";
  }
}

Fields pair(Markup name_key, Markup value_key, std::string_view name, std::string_view value) {
  Fields fields;
  fields.text(name_key, shown(name)).text(value_key, shown(value));
  return fields;
}

/// Each with its place alone: the steps that lead there are told once, among the findings.
std::vector<Fields> gate_findings(const grading::TrippedGate& gate, Room& room) {
  std::vector<Fields> result;
  for (const auto& item : gate.evidence | std::views::take(findings_shown)) {
    const std::size_t others = item.evidence.empty() ? 0 : item.evidence.size() - 1;
    result.push_back(finding(item, room, 1));
    result.back()
        .flag("has_other_steps", others > 0)
        .text("other_steps", word(plural(others, "further step"), room.language));
  }
  return result;
}

}  // namespace

void add_scale(Fields& page, const grading::Grade& grade, const std::string& language) {
  std::vector<Fields> areas;
  std::vector<Fields> names;
  for (std::size_t i = 0; i < grade.bands.size(); ++i) {
    const auto& band = grade.bands[i];
    const bool last = i + 1 == grade.bands.size();
    const grading::Decimal end = last ? grading::Decimal(100) : grade.bands[i + 1].from;
    Fields area;
    area.attribute("band_class", band_class(i))
        .attribute("band_x", Token::percent(share_of_hundred(band.from)))
        .attribute("band_width", Token::percent(share_of_hundred(end - band.from)));
    areas.push_back(std::move(area));
    Fields name;
    name.attribute("name_class", band.id == grade.band ? Token("here") : Token("other"))
        .text("band_name", shown(band.title, 40))
        .text("band_limits",
              shown(number_in_words(grading::to_string(band.from) + "–" + percent(end), language)));
    names.push_back(std::move(name));
  }
  page.flag("has_bands", !areas.empty())
      .list("band_areas", std::move(areas))
      .list("band_names", std::move(names))
      .attribute("low_x", Token::percent(share_of_hundred(grade.low)))
      .attribute("span_width", Token::percent(share_of_hundred(grade.high - grade.low)))
      .attribute("percent_x", Token::percent(share_of_hundred(grade.percent)));
}

void add_verdict(Fields& page, const Report& report) {
  const Verdict verdict_said = verdict(report);
  const std::string range = said(open_range(report.grade), report.language);
  page.text("source", shown(report.submission.source, 300))
      .text("verdict_title", shown(verdict_said.title, 60))
      .text("verdict_sentence", shown(verdict_said.sentence, 1'500))
      .text("percent",
            shown(number_in_words(grading::to_string(report.grade.percent), report.language)))
      .flag("needs_person", report.grade.needs_person || report.grade.band.empty())
      .flag("has_range", !range.empty())
      .text("range", shown(range));
  add_scale(page, report.grade, report.language);
  std::vector<Fields> rows;
  for (const auto& [name, value] : facts(report)) {
    rows.push_back(pair("fact_name", "fact_value", name, value));
  }
  page.list("facts", std::move(rows));
  std::vector<Fields> warnings;
  for (const auto& warning : report.submission.warnings) {
    warnings.emplace_back().text("warning", shown(warning));
  }
  page.flag("has_warnings", !warnings.empty()).list("warnings", std::move(warnings));
}

void add_gates(Fields& page, const Report& report, Room& room) {
  std::vector<Fields> items;
  std::vector<std::string> passed;
  for (const auto& gate : report.grade.gates) {
    if (!gate.tripped && !gate.undecided) {
      passed.push_back(gate.title);
      continue;
    }
    Fields item;
    item.text("gate_title", shown(gate.title))
        .text("gate_effect", word(gate.tripped ? gate.effect : "not decided; if so: " + gate.effect,
                                  report.language))
        .attribute("gate_class", gate.tripped ? Token("tripped") : Token("undecided"))
        .list("gate_findings", gate_findings(gate, room));
    add_rest(item, "has_more_gate_findings", "more_gate_findings", gate.evidence.size(),
             findings_shown, "place", report.language);
    items.push_back(std::move(item));
  }
  page.flag("has_gates", !items.empty())
      .list("gate_items", std::move(items))
      .flag("has_passed_gates", !passed.empty())
      .text("passed_gates", shown(text::join(passed, "; "), 2'000));
}

void add_inputs(Fields& page, const Report& report) {
  std::vector<Fields> rows;
  const auto add = [&](std::string_view name, std::string_view value) {
    if (!text::trim(value).empty())
      rows.push_back(pair("input_name", "input_value", said(name, report.language), value));
  };
  const auto& grade = report.grade;
  add("Submission", report.submission.source);
  add("Branch or tag", report.submission.ref);
  add("Commit", report.submission.commit);
  add("Graded as of", timestamp(report.as_of));
  add("Rubric", grade.rubric_id + " " + grade.rubric_version);
  add("Rubric digest", grade.rubric_digest);
  for (const auto& [name, value] : report.inputs) add(name, value);
  if (report.lint) {
    add("Style tools", text::join(report.lint->tools, ", "));
    const std::string remarks = plural(report.lint->remarks.size(), "remark") + " in " +
                                plural(static_cast<std::size_t>(report.lint->files), "file");
    add("Style remarks", said(remarks, report.language) +
                             (report.lint->problem.empty() ? "" : ": " + report.lint->problem));
  }
  page.list("inputs", std::move(rows));
}

}  // namespace grader::report::html
