#include "grader/cli/threshold.hpp"

#include <algorithm>

namespace grader::cli {
namespace {

Result<void> add_fail_on(Threshold& threshold, const std::string& word) {
  using grading::Severity;
  if (word == "gate") {
    threshold.gate = true;
    return {};
  }
  for (const auto severity :
       {Severity::low, Severity::medium, Severity::high, Severity::critical}) {
    if (word == to_string(severity)) threshold.severity = severity;
  }
  if (threshold.severity) return {};
  return fail(ErrorKind::usage, "--fail-on takes gate, critical, high, medium or low", {},
              "give one of them");
}

}  // namespace

Result<Threshold> parse_threshold(const std::optional<std::string>& fail_under,
                                  const std::optional<std::string>& fail_on) {
  Threshold threshold;
  if (fail_under) {
    const auto parsed = grading::parse_decimal(*fail_under);
    if (!parsed || *parsed > grading::Decimal(100)) {
      return fail(ErrorKind::usage, "--fail-under takes a percent from 0 to 100", {},
                  "give a number such as 70 or 62.5");
    }
    threshold.percent = *parsed;
  }
  if (fail_on) {
    if (auto added = add_fail_on(threshold, *fail_on); !added) {
      return tl::unexpected(added.error());
    }
  }
  return threshold;
}

bool misses(const report::Report& report, const Threshold& threshold) {
  if (threshold.percent && report.grade.low < *threshold.percent) return true;
  if (threshold.gate && std::ranges::any_of(report.grade.gates, &grading::TrippedGate::tripped)) {
    return true;
  }
  return threshold.severity && std::ranges::any_of(report.findings, [&](const auto& finding) {
           return finding.outcome == grading::Outcome::violated &&
                  finding.severity >= *threshold.severity;
         });
}

}  // namespace grader::cli
