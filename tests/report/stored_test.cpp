#include "grader/report/stored.hpp"

#include <doctest/doctest.h>

#include "grader/report/formats.hpp"
#include "tests/report/sample.hpp"

namespace report = grader::report;
namespace grading = grader::grading;

TEST_CASE("a stored report gives its findings back") {
  const auto sample = report::sample::middling();
  const auto stored = report::read_stored(report::to_json(sample), "report.json");
  REQUIRE(stored.has_value());
  CHECK(stored->basis.full);
  CHECK(stored->basis.lines == 612);
  CHECK(stored->band == "Junior");
  CHECK(stored->rubric == "password_manager");
  CHECK(stored->overrides.empty());
  REQUIRE(stored->findings.size() == sample.findings.size());
  for (std::size_t i = 0; i < sample.findings.size(); ++i) {
    CHECK(stored->findings[i].check == sample.findings[i].check);
    CHECK(stored->findings[i].outcome == sample.findings[i].outcome);
    CHECK(stored->findings[i].severity == sample.findings[i].severity);
    CHECK(stored->findings[i].count == sample.findings[i].count);
    CHECK(stored->findings[i].cause == sample.findings[i].cause);
  }
}

TEST_CASE("overrides stand in the report and are read again") {
  const auto sample = report::sample::middling();
  const std::string text = report::to_json(sample);
  const std::vector<grading::Override> overrides{
      {"security.key", grading::Decimal(5, 2), "Dana \x1b[31m", "seen in the interview"}};
  const auto changed = report::with_grade(text, sample.grade, overrides, "r");
  REQUIRE(changed.has_value());
  CHECK(changed->find('\x1b') == std::string::npos);
  const auto again = report::read_stored(*changed, "r");
  REQUIRE(again.has_value());
  REQUIRE(again->overrides.size() == 1);
  CHECK(again->overrides.front().points == grading::Decimal(5, 2));
  CHECK(again->overrides.front().why == "seen in the interview");
}

TEST_CASE("what is no report is refused with the reason") {
  const auto problem = [](const std::string& text) {
    const auto stored = report::read_stored(text, "r.json");
    return stored ? std::string() : stored.error().what;
  };
  const std::string good = report::to_json(report::sample::bare());
  CHECK(problem(good).empty());
  CHECK(problem(good.substr(0, good.size() / 2)).find("was cut") != std::string::npos);
  CHECK(problem("").find("no report") != std::string::npos);
  CHECK(problem("[]").find("no report") != std::string::npos);
  CHECK(problem(R"({"schema": "grader-report/2"})").find("grader-report/2") != std::string::npos);
  CHECK(problem(R"({"schema": "grader-report/1"})").find("has no findings") != std::string::npos);
  CHECK(problem(R"({"schema": "grader-report/1", "findings": [7], "score": {}, "submission": 1,
                    "rubric": [], "sections": 0})")
            .find("a finding of the report") != std::string::npos);
  CHECK(problem(R"({"schema": "grader-report/1", "findings": [], "score": {"basis": "half"},
                    "submission": 1, "rubric": [], "sections": 0})")
            .find("rests on") != std::string::npos);
}
