#include <doctest/doctest.h>

#include <set>

#include "grader/base/text.hpp"
#include "grader/report/formats.hpp"
#include "tests/report/markup.hpp"
#include "tests/report/sample.hpp"

namespace report = grader::report;

namespace {

void check_printable(const std::string& text, std::string_view escape = {}) {
  for (const auto line : grader::text::split(text, '\n')) {
    CHECK(grader::text::printable(line, escape) == line);
  }
}

}  // namespace

TEST_CASE("the terminal summary holds no control character of a submission's") {
  const auto hostile = report::sample::hostile();
  check_printable(report::to_terminal(hostile, false));
  CHECK(report::to_terminal(hostile, false).find('\x1b') == std::string::npos);
  std::string coloured = report::to_terminal(hostile, true);
  CHECK(coloured.find('\x1b') != std::string::npos);
  for (const char* own :
       {"\x1b[0m", "\x1b[1m", "\x1b[2m", "\x1b[1;31m", "\x1b[1;32m", "\x1b[1;33m"}) {
    coloured = grader::text::replace_all(std::move(coloured), own, "");
  }
  check_printable(coloured);
}

TEST_CASE("nothing that is printed is a command to a CI server") {
  const auto hostile = report::sample::hostile();
  const std::string terminal = report::to_terminal(hostile, false);
  const std::string json = report::to_json(hostile);
  CHECK(terminal.find("##") == std::string::npos);
  CHECK(json.find("##") == std::string::npos);
  for (const auto line : grader::text::split(terminal + json, '\n')) {
    CHECK_FALSE(grader::text::trim(line).starts_with("::"));
  }
}

TEST_CASE("the Markdown report is bounded and printable") {
  const std::string text = report::to_markdown(report::sample::hostile());
  check_printable(text, "\t");
  CHECK(text.size() < (1U << 20U));
}

TEST_CASE("a hostile submission adds nothing but text to the Markdown report") {
  const std::set<std::string> expected{
      "html",   "head",  "body",  "h1",    "h2", "p",  "ul", "li",         "pre", "code",
      "strong", "table", "thead", "tbody", "tr", "th", "td", "blockquote", "h3",  "em"};
  const auto html = report::test::render_markdown(report::to_markdown(report::sample::hostile()));
  std::string text;
  for (const auto& element : report::test::elements(html)) {
    CHECK_MESSAGE(expected.count(element.tag) == 1, element.tag << ": " << element.text);
    if (element.tag != "code" && element.tag != "pre") text += element.text;
  }
  CHECK(text.find("@octocat") == std::string::npos);
  CHECK(text.find("@\u200Boctocat") != std::string::npos);
  CHECK(text.find("<script>window.ran = 1; alert(1)</script>") != std::string::npos);
}

TEST_CASE("no line of the Markdown report is a quick action or a workflow command") {
  const std::string markdown = report::to_markdown(report::sample::hostile());
  for (const auto line : grader::text::split(markdown, '\n')) {
    CHECK_FALSE(line.starts_with("/"));
    CHECK_FALSE(line.starts_with("::"));
    CHECK_FALSE(line.starts_with("##["));
  }
}

TEST_CASE("a flood of findings is cut in Markdown and never in JSON") {
  auto flood = report::sample::middling();
  auto finding = flood.findings.front();
  std::string quote;
  for (int line = 0; line < 40; ++line) quote += std::string(250, '`') + "\n";
  for (auto& step : finding.evidence) step.quote = quote;
  for (int i = 0; i < 200; ++i) {
    finding.check = "flood.check_" + std::to_string(i);
    flood.findings.push_back(finding);
  }
  const std::string markdown = report::to_markdown(flood);
  CHECK(markdown.size() < (1U << 20U));
  CHECK(markdown.find("Left out for length") != std::string::npos);
  CHECK(report::to_json(flood).find("flood.check_199") != std::string::npos);
}
