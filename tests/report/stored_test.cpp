#include "grader/report/stored.hpp"

#include <doctest/doctest.h>

#include "grader/report/formats.hpp"
#include "grader/report/leaflet.hpp"
#include "grader/report/seals.hpp"
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
  auto sample = report::sample::middling();
  sample.overrides = {
      {"security.key", grading::Decimal(5, 2), "Dana \x1b[31m", "seen in the interview"}};
  const std::string text = report::to_json(sample);
  CHECK(text.find('\x1b') == std::string::npos);
  const auto again = report::read_report(text, "r");
  REQUIRE(again.has_value());
  REQUIRE(again->overrides.size() == 1);
  CHECK(again->overrides.front().points == grading::Decimal(5, 2));
  CHECK(again->overrides.front().why == "seen in the interview");
}

TEST_CASE("every format of a stored report is the one that was written first") {
  int cases = 0;
  for (auto sample : {report::sample::middling(), report::sample::bare(),
                      report::sample::unsettled(), report::sample::hostile()}) {
    CAPTURE(cases);
    ++cases;
    // What a report never tells: raw exchanges, people, and messages below their first line.
    const std::string text = report::to_json(sample);
    const auto again = report::read_report(text, "report.json");
    REQUIRE(again.has_value());
    CHECK(report::to_json(*again) == text);
    if (cases == 4) continue;  // JSON replaces bytes that are no UTF-8, and control characters
    CHECK(report::to_html(*again) == report::to_html(sample));
    CHECK(report::to_markdown(*again) == report::to_markdown(sample));
    CHECK(report::to_sarif(*again) == report::to_sarif(sample));
    CHECK(report::to_junit(*again) == report::to_junit(sample));
    CHECK(report::to_terminal(*again, false) == report::to_terminal(sample, false));
    for (const auto leaflet : {report::recruiter_leaflet, report::candidate_leaflet}) {
      CHECK(report::to_markdown(leaflet(*again)) == report::to_markdown(leaflet(sample)));
    }
  }
}

TEST_CASE("values of another kind are taken for missing, wherever they stand") {
  // Every value of a report in turn is another one: the loader gives an error or a report.
  const std::string text = report::to_json(report::sample::middling());
  const std::size_t step = text.size() / 40;
  for (std::size_t at = 0; at + step < text.size(); at += step) {
    const auto colon = text.find("\": ", at);
    if (colon == text.npos) break;
    const char first = text[colon + 3];
    std::string changed = text;
    if (first == '"') {
      changed.insert(colon + 3, "[7, ");
      changed.insert(changed.find('"', colon + 8) + 1, "]");
    } else if (first == '[' || first == '{') {
      continue;
    } else {
      changed.insert(colon + 3, "\"x\", \"other\": ");
    }
    const auto again = report::read_report(changed, "r");
    if (again) CHECK_FALSE(report::to_markdown(*again).empty());
  }
}

TEST_CASE("a changed member of a report is named by its seal") {
  const std::string text = report::to_json(report::sample::middling());
  CHECK(report::broken_seals(text).empty());
  std::string timed = text;
  timed.replace(timed.find("\"seconds\": "), 11, "\"seconds\":  ");
  CHECK(report::broken_seals(timed).empty());
  std::string changed = text;
  const auto percent = changed.find("\"percent\": ") + 11;
  changed.insert(percent, "9");
  const auto broken = report::broken_seals(changed);
  REQUIRE(broken.size() == 1);
  CHECK(broken.front().member == "score");
  CHECK(broken.front().was.size() == 64);
  CHECK(broken.front().was != broken.front().is);
  std::string added = text;
  added.insert(added.find("\n  \"gates\""), "\n  \"more\": 1,");
  REQUIRE(report::broken_seals(added).size() == 1);
  CHECK(report::broken_seals(added).front().was.empty());
  std::string unsealed = text.substr(0, text.find(",\n  \"seals\""));
  REQUIRE(report::broken_seals(unsealed + "\n}\n").size() == 1);
  CHECK(report::broken_seals(unsealed + "\n}\n").front().member == "seals");
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
  CHECK(problem(std::string(1'000'000, '[')).find("nested too deep") != std::string::npos);
  CHECK(problem("{\"a\": \"" + std::string(1'000, '[') + "\\\"[\"}").find("no report") !=
        std::string::npos);
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

TEST_CASE("the first difference of two reports is named by its place") {
  auto sample = report::sample::middling();
  const std::string one = report::to_json(sample);
  sample.timing.clear();
  CHECK_FALSE(report::first_difference(one, report::to_json(sample)));
  sample.findings[1].message = "another \x1b[31m";
  const auto message = report::first_difference(one, report::to_json(sample));
  REQUIRE(message.has_value());
  CHECK(message->at == "findings[1].message");
  CHECK(message->two == "\"another \\u001b[31m\"");
  sample.findings.pop_back();
  sample.findings[1] = report::sample::middling().findings[1];
  const auto missing = report::first_difference(one, report::to_json(sample));
  REQUIRE(missing.has_value());
  CHECK(missing->at == "findings[" + std::to_string(sample.findings.size()) + "]");
  CHECK(missing->two.empty());
}
