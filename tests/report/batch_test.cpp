#include <doctest/doctest.h>

#include <algorithm>

#include "grader/report/batch_page.hpp"
#include "tests/report/markup.hpp"
#include "tests/report/sample.hpp"

namespace report = grader::report;

namespace {

std::vector<report::BatchRow> rows() {
  auto hostile = report::batch_row(report::sample::hostile(), "../javascript:alert(1)", true);
  hostile.name = "=HYPERLINK(\"http://x\")";
  hostile.source = "@SUM(1)\n\"<script>window.ran = 1</script>";
  return {report::batch_row(report::sample::middling(), "ann+vault", true),
          report::batch_row(report::sample::unsettled(), "unsettled", false),
          hostile,
          {"broken", false, "broken", {}, {}, "it was <b>killed</b>", {}}};
}

}  // namespace

TEST_CASE("the page of a round links each report and tells each row") {
  const std::string html = report::batch_html(rows(), {"en", 1'763'683'200});
  CHECK(html.find("href=\"ann+vault/report.html\"") != std::string::npos);
  CHECK(html.find("href=\"unsettled") == std::string::npos);
  CHECK(html.find("4 submissions") != std::string::npos);
  CHECK(html.find("Not graded") != std::string::npos);
  CHECK(html.find("57.9") != std::string::npos);
  CHECK(report::batch_html(rows(), {"ru", 0}).find("Все работы") != std::string::npos);
  CHECK(report::batch_html({}, {}).find("0 submissions") != std::string::npos);
}

TEST_CASE("a hostile submission adds no element, address or script to the page of a round") {
  const auto found = report::test::elements(report::batch_html(rows(), {}));
  CHECK(std::ranges::count(found, "script", &report::test::Element::tag) == 1);
  for (const auto& element : found) {
    for (const char* tag : {"img", "iframe", "b", "form", "input", "object"}) {
      if (std::string(tag) != "b") CHECK(element.tag != tag);
    }
    for (const auto& [name, value] : element.attributes) {
      CHECK_FALSE(name.starts_with("on"));
      if (name == "href") CHECK((value == "#" || value == "ann+vault/report.html"));
    }
  }
}

TEST_CASE("no cell of the table begins a formula or leaves its line") {
  const std::string csv = report::batch_csv(rows());
  CHECK(std::ranges::count(csv, '\n') == 5);
  CHECK(csv.find("\"'=HYPERLINK(\"\"http://x\"\")\"") != std::string::npos);
  CHECK(csv.find("\"'@SUM(1) \"\"<script>") != std::string::npos);
  CHECK(csv.find("\"57.9") != std::string::npos);
  CHECK(csv.find(",\"=") == std::string::npos);
}
