#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "grader/report/formats.hpp"
#include "tests/report/sample.hpp"

namespace report = grader::report;

namespace {

/// Compares with tests/golden/report/NAME, or writes it where UPDATE_GOLDEN=1 is set.
void check_golden(const std::string& name, const std::string& text) {
  const auto path = std::filesystem::path("tests/golden/report") / name;
  const char* update = std::getenv("UPDATE_GOLDEN");  // NOLINT(concurrency-mt-unsafe)
  if (update != nullptr && std::string(update) == "1") {
    std::ofstream(path, std::ios::binary) << text;
  }
  std::ifstream file(path, std::ios::binary);
  const std::string expected{std::istreambuf_iterator<char>(file), {}};
  REQUIRE_MESSAGE(!expected.empty(), path.string() << " is missing: run with UPDATE_GOLDEN=1");
  const auto differs = std::ranges::mismatch(expected, text);
  const auto line = std::count(expected.begin(), differs.in1, '\n') + 1;
  CHECK_MESSAGE(expected == text, path.string()
                                      << ":" << line
                                      << " differs; if that is meant, run with UPDATE_GOLDEN=1");
}

}  // namespace

TEST_CASE("each format over a whole submission is as it was read and approved") {
  const auto sample = report::sample::middling();
  check_golden("report.json", report::to_json(sample));
  check_golden("report.md", report::to_markdown(sample));
  check_golden("report.html", report::to_html(sample));
  check_golden("report.sarif", report::to_sarif(sample));
  check_golden("report.junit.xml", report::to_junit(sample));
  check_golden("summary.txt", report::to_terminal(sample, false));
}

TEST_CASE("a repository with nothing in it, graded without running it") {
  const auto sample = report::sample::bare();
  check_golden("bare.json", report::to_json(sample));
  check_golden("bare.md", report::to_markdown(sample));
  check_golden("bare.html", report::to_html(sample));
  check_golden("bare.txt", report::to_terminal(sample, false));
}

TEST_CASE("a submission that does not start and needs a person") {
  const auto sample = report::sample::unsettled();
  check_golden("unsettled.md", report::to_markdown(sample));
  check_golden("unsettled.txt", report::to_terminal(sample, false));
}

TEST_CASE("the same report gives the same bytes") {
  const auto one = report::sample::hostile();
  const auto two = report::sample::hostile();
  CHECK(report::to_json(one) == report::to_json(two));
  CHECK(report::to_html(one) == report::to_html(two));
  CHECK(report::to_sarif(one) == report::to_sarif(two));
}
