#include "grader/report/leaflet.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>

#include "grader/base/text.hpp"
#include "grader/report/advice.hpp"
#include "grader/report/formats.hpp"
#include "tests/report/markup.hpp"
#include "tests/report/sample.hpp"

namespace report = grader::report;

namespace {

const std::string hidden = "hidden-input-7f3a";

void hide_in(grader::grading::Finding& finding) {
  finding.message = hidden;
  for (auto& step : finding.evidence) {
    step.quote = hidden;
    step.note = hidden;
    step.commit = hidden;
    if (step.kind == grader::grading::Evidence::Kind::exchange) step.location.path = hidden;
  }
}

/// A report whose every text besides paths of code is something that a candidate must not read.
report::Report confidential() {
  auto result = report::sample::middling();
  grader::grading::Finding probe = result.findings.front();
  probe.check = "access.other_user_disclosure";
  probe.outcome = grader::grading::Outcome::violated;
  probe.evidence = {{grader::grading::Evidence::Kind::exchange, {hidden, 3, 0, 0}, "", "", ""}};
  result.findings.push_back(probe);
  probe.check = "encryption.secret_stored_plain";
  result.findings.push_back(probe);
  for (auto& finding : result.findings) hide_in(finding);
  for (auto& rule : result.rules) rule = {rule.id, hidden, hidden, hidden, hidden};
  for (auto& gate : result.grade.gates) gate.title = gate.effect = gate.id = hidden;
  for (auto& section : result.grade.sections) {
    section.title = hidden;
    for (auto& mark : section.marks) {
      mark.title = hidden;
      mark.reasons = {hidden};
    }
  }
  for (auto& commit : result.commits) commit.author = {hidden, hidden};
  for (auto& part : result.dossier.parts) {
    for (auto& asked : part.questions) asked.ask = asked.middle = {hidden, hidden};
  }
  for (auto& [name, value] : result.inputs) value = hidden;
  result.submission.source = "https://git.example/" + hidden;
  result.submission.commit = hidden;
  result.grade.rubric_digest = hidden;
  return result;
}

}  // namespace

TEST_CASE("no hidden input reaches the candidate's page") {
  auto value = confidential();
  for (const char* language : {"en", "ru"}) {
    value.language = language;
    const auto page = report::candidate_leaflet(value);
    for (const auto& text : {report::to_html(page), report::to_markdown(page)}) {
      CHECK(text.find(hidden) == std::string::npos);
      for (const char* word : {"57.89", "points", "cap ", "gate", "probe", "canary", "Junior"}) {
        CHECK_MESSAGE(text.substr(text.find("</style>") == text.npos ? 0 : text.find("</style>"))
                              .find(word) == std::string::npos,
                      word);
      }
    }
  }
  CHECK(report::to_html(value).find(hidden) != std::string::npos);
}

TEST_CASE("the candidate reads what was good, what to learn, where, and in which page") {
  auto value = report::sample::middling();
  value.findings.push_back(value.findings.front());
  value.findings.back().check = "ownership.unscoped_list";
  const std::string text = report::to_markdown(report::candidate_leaflet(value));
  CHECK(text.find("Begin every list, search and export") != std::string::npos);
  CHECK(text.find("vault/views.py:91") != std::string::npos);
  CHECK(text.find("Built-in class-based generic views") != std::string::npos);
  value.language = "ru";
  const std::string russian = report::to_markdown(report::candidate_leaflet(value));
  CHECK(russian.find("Начинайте каждый список") != std::string::npos);
  CHECK(russian.find("Что изучить дальше") != std::string::npos);
}

TEST_CASE("the recruiter reads a verdict, both positions and a draft in both languages") {
  const std::string text =
      report::to_markdown(report::recruiter_leaflet(report::sample::middling()));
  CHECK(text.find("**Junior**: yes") != std::string::npos);
  CHECK(text.find("**Middle**: not with this work") != std::string::npos);
  CHECK(text.find("Hello,") != std::string::npos);
  CHECK(text.find("Здравствуйте") != std::string::npos);
  CHECK(text.find("technical interview") != std::string::npos);
  const std::string open =
      report::to_markdown(report::recruiter_leaflet(report::sample::unsettled()));
  CHECK(open.find("a person has to decide") != std::string::npos);
  CHECK(open.find("look at your work in person") != std::string::npos);
  const std::string none = report::to_markdown(report::recruiter_leaflet(report::sample::bare()));
  CHECK(none.find("**Junior**: not with this work") != std::string::npos);
  CHECK(none.find("glad to hear from you again") != std::string::npos);
}

TEST_CASE("a hostile submission adds nothing but text to the pages") {
  const std::set<std::string> expected{
      "html", "head",   "meta",   "title", "style", "body", "main",   "section",
      "h1",   "h2",     "p",      "ul",    "li",    "code", "span",   "b",
      "ol",   "header", "footer", "small", "svg",   "rect", "figure", "figcaption"};
  const auto hostile = report::sample::hostile();
  for (const auto& page :
       {report::recruiter_leaflet(hostile), report::candidate_leaflet(hostile)}) {
    for (const auto& element : report::test::elements(report::to_html(page))) {
      CHECK_MESSAGE(expected.contains(element.tag), element.tag);
    }
    const std::string markdown = report::to_markdown(page);
    for (const auto line : grader::text::split(markdown, '\n')) {
      CHECK_FALSE(line.starts_with("/"));
      CHECK_FALSE(line.starts_with("::"));
      CHECK(grader::text::printable(line, "\t") == line);
    }
  }
}

TEST_CASE("every advice speaks both languages and names a page") {
  std::set<std::string_view> seen;
  for (const auto& advice : report::all_advice()) {
    CAPTURE(advice.check);
    CHECK(seen.insert(advice.check).second);
    CHECK(advice.good.en.empty() == advice.good.ru.empty());
    for (const auto* text : {&advice.bad, &advice.learn}) {
      CHECK_FALSE(text->en.empty());
      CHECK_FALSE(text->ru.empty());
    }
    CHECK_FALSE(advice.page.empty());
  }
}
