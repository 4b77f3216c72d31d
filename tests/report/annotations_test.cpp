#include "grader/report/annotations.hpp"

#include <doctest/doctest.h>

#include "grader/base/text.hpp"
#include "tests/report/sample.hpp"

namespace report = grader::report;

TEST_CASE("each violated finding with a place is one line for the runner") {
  const std::string text = report::to_annotations(report::sample::middling());
  CHECK(
      text.starts_with("::error file=vault/views.py,line=91,title=Somebody else's entries are "
                       "listed::The CSV export writes"));
  CHECK(text.find("::warning file=") != std::string::npos);
  CHECK(report::to_annotations(report::sample::bare()).empty());
}

TEST_CASE("no text of a submission begins a command, ends a line or adds a property") {
  const std::string text = report::to_annotations(report::sample::hostile());
  const auto lines = grader::text::split(text, '\n');
  CHECK(lines.size() <= 51);
  for (const auto line : lines) {
    if (line.empty()) continue;
    const bool known = line.starts_with("::error file=") || line.starts_with("::warning file=") ||
                       line.starts_with("::notice file=");
    CHECK_MESSAGE(known, std::string(line));
    const auto properties = line.substr(2, line.find("::", 2) - 2);
    CHECK(grader::text::split(properties, ',').size() <= 3);
    CHECK(grader::text::printable(line) == line);
  }
}
