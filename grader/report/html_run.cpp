#include <algorithm>
#include <ranges>

#include "grader/base/text.hpp"
#include "grader/report/html_parts.hpp"

namespace grader::report::html {
namespace {

using sandbox::RungStatus;
using sandbox::TestCase;

constexpr std::size_t tests_shown = 30;
constexpr std::size_t passed_tests_shown = 300;
constexpr std::size_t files_shown = 40;

Markup rung_class(RungStatus status) {
  switch (status) {
    case RungStatus::passed:
      return "passed";
    case RungStatus::failed:
      return "failed";
    case RungStatus::undetermined:
      return "undecided";
  }
  return "undecided";
}

Fields rung_fields(const sandbox::Rung& rung, const std::string& language) {
  const bool has_output = rung.status == RungStatus::failed && !rung.output.empty();
  Fields fields;
  fields.text("rung_name", word(rung_title(rung.name), language))
      .text("rung_outcome", word(rung_outcome(rung), language))
      .attribute("rung_class", rung_class(rung.status))
      .flag("has_reason", !rung.reason.empty())
      .text("rung_reason", shown(rung.reason))
      .flag("has_output", has_output)
      .list("output_lines", quoted(last_lines(rung.output, lines_shown), "output_line"));
  return fields;
}

std::string_view status_name(TestCase::Status status) {
  switch (status) {
    case TestCase::Status::passed:
      return "passed";
    case TestCase::Status::failed:
      return "failed";
    case TestCase::Status::error:
      return "ended with an error";
    case TestCase::Status::skipped:
      return "skipped";
  }
  return "failed";
}

void add_cases(Fields& page, const sandbox::TestRun& run, const std::string& language) {
  std::vector<Fields> others;
  std::vector<Fields> passed;
  std::size_t other_count = 0;
  for (const auto& test : run.cases) {
    if (test.status == TestCase::Status::passed) {
      if (passed.size() < passed_tests_shown) {
        passed.emplace_back().text("passed_test", shown(test.id, 200));
      }
    } else if (++other_count <= tests_shown) {
      others.emplace_back()
          .text("test_id", shown(test.id, 200))
          .text("test_status", word(status_name(test.status), language))
          .flag("has_test_message", !test.message.empty())
          .text("test_message", shown(test.message, 400));
    }
  }
  add_rest(page, "has_more_failed", "more_failed", other_count, tests_shown, "test", language);
  page.list("failed_tests", std::move(others))
      .flag("has_passed_tests", !passed.empty())
      .text("passed_tests_summary", word("Passed: " + plural(passed.size(), "test"), language))
      .list("passed_tests", std::move(passed));
}

void add_coverage(Fields& page, const sandbox::TestRun& run, const std::string& language) {
  std::vector<Fields> files;
  for (const auto& file : run.coverage | std::views::take(files_shown)) {
    const double share =
        file.statements > 0 ? static_cast<double>(file.covered) / file.statements : 0;
    files.emplace_back()
        .text("covered_path", shown(file.path, 200))
        .attribute("covered", Token::percent(share))
        .text("covered_lines",
              word(std::to_string(file.covered) + " of " + std::to_string(file.statements),
                   language));
  }
  add_rest(page, "has_more_coverage", "more_coverage", run.coverage.size(), files_shown, "file",
           language);
  page.flag("has_coverage", !files.empty()).list("coverage", std::move(files));
}

void add_tests(Fields& page, const sandbox::TestRun& run, const std::string& language) {
  const TestCounts tests = test_counts(run);
  const double total = std::max(1, tests.total());
  std::string sentence = said(tests_in_words(tests), language) +
                         said(", as their own runner (" + run.runner + ") says", language);
  if (!run.trusted) sentence += said("; not trusted: ", language) + run.doubt;
  page.attribute("tests_passed", Token::percent(tests.passed / total))
      .attribute("tests_failed_x", Token::percent(tests.passed / total))
      .attribute("tests_failed", Token::percent(tests.failed / total))
      .text("tests_sentence", shown(sentence + "."));
  add_cases(page, run, language);
  add_coverage(page, run, language);
}

}  // namespace

void add_run(Fields& page, const Report& report) {
  page.flag("has_run", report.rehearsal.has_value());
  if (!report.rehearsal) return;
  const auto& run = *report.rehearsal;
  std::vector<Fields> rungs;
  rungs.reserve(run.ladder.size());
  for (const auto& rung : run.ladder) rungs.push_back(rung_fields(rung, report.language));
  std::vector<Fields> repairs;
  for (const auto& repair : run.repairs) {
    repairs.emplace_back()
        .text("repair", shown(repair.detail))
        .flag("has_repair_place", !repair.at.path.empty())
        .text("repair_place", shown(to_string(repair.at), 300));
  }
  page.flag("has_problem", !run.problem.empty())
      .text("problem", shown(run.problem))
      .list("rungs", std::move(rungs))
      .flag("has_repairs", !repairs.empty())
      .list("repairs", std::move(repairs))
      .flag("has_tests", run.tests.has_value())
      .flag("has_environment", !run.interpreter.empty())
      .text("environment",
            "Python " + shown(run.interpreter, 40) + ", " +
                word(plural(run.distributions.size(), "distribution"), report.language))
      .text("distributions", shown(text::join(run.distributions, ", "), 8'000));
  if (run.tests) add_tests(page, *run.tests, report.language);
}

}  // namespace grader::report::html
