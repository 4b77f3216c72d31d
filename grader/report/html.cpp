#include "grader/base/text.hpp"
#include "grader/report/formats.hpp"
#include "grader/report/html_parts.hpp"

namespace grader::report {
namespace {

/// Of a report whose texts are in its language already.
std::string page_of(const Report& report) {
  const HtmlText style = Html::asset("style.css");
  const std::string title = display_name(report.submission.source) + ": " + verdict(report).title +
                            ", " + said(percent(report.grade.percent), report.language);
  Fields page;
  page.attribute("page_lang", report.language == "ru" ? Token("ru") : Token("en"))
      .text("keep_until", html::shown(date_in_words(keep_until(report), report.language)));
  page.text("style", style).attribute("style_hash", Token::csp_hash(style));
  page.text("page_title", html::shown(title, 120))
      .text("graded_on", html::shown(date_in_words(date(report.as_of), report.language)))
      .text("commit", html::shown(report.submission.commit.substr(0, 12)))
      .text("version", html::shown(GRADER_VERSION))
      .text("rubric", html::shown(report.grade.rubric_id + " " + report.grade.rubric_version));
  html::add_verdict(page, report);
  html::Room room;
  room.language = report.language;
  html::add_gates(page, report, room);
  html::add_score(page, report);
  html::add_good(page, report);
  html::add_findings(page, report, room);
  html::add_dossier(page, report, room);
  html::add_run(page, report);
  html::add_probe(page, report);
  html::add_history(page, report);
  html::add_open(page, report, room);
  html::add_inputs(page, report);
  return Template::render("page", page, report.language).bytes();
}

}  // namespace

std::string to_html(const Report& report) { return page_of(localised(report)); }

}  // namespace grader::report
