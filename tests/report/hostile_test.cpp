#include <doctest/doctest.h>

#include "grader/base/text.hpp"
#include "grader/report/formats.hpp"
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

TEST_CASE("the Markdown report is bounded and printable") {
  const std::string text = report::to_markdown(report::sample::hostile());
  check_printable(text, "\t");
  CHECK(text.size() < (1U << 20U));
}

TEST_CASE("a flood of findings is cut in Markdown and never in JSON") {
  auto flood = report::sample::middling();
  auto finding = flood.findings.front();
  for (auto& step : finding.evidence) step.quote.assign(2'000, '`');
  for (int i = 0; i < 3'000; ++i) {
    finding.check = "flood.check_" + std::to_string(i);
    flood.findings.push_back(finding);
  }
  const std::string markdown = report::to_markdown(flood);
  CHECK(markdown.size() < (1U << 20U));
  CHECK(markdown.find("Left out for length") != std::string::npos);
  CHECK(report::to_json(flood).find("flood.check_2999") != std::string::npos);
}
