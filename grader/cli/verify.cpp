#include <fmt/format.h>

#include "grader/base/log.hpp"
#include "grader/base/text.hpp"
#include "grader/cli/pipeline.hpp"
#include "grader/cli/report_files.hpp"
#include "grader/cli/rescore.hpp"
#include "grader/report/formats.hpp"
#include "grader/report/seals.hpp"
#include "grader/report/stored.hpp"

namespace grader::cli {
namespace {

/// True where every seal holds; prints those that do not.
bool seals_hold(const std::string& text) {
  const auto broken = report::broken_seals(text);
  for (const auto& one : broken) {
    const auto member = text::printable(one.member);
    if (one.was.empty() && one.is.empty()) {
      fmt::print("the report has no seals: nothing says whether it was changed\n");
    } else if (one.was.empty()) {
      fmt::print("{} was added after the report was written\n", member);
    } else if (one.is.empty()) {
      fmt::print("{} was taken out after the report was written (digest {})\n", member,
                 text::printable(one.was));
    } else {
      fmt::print("{} was changed after the report was written:\n  digest {}\n  now    {}\n", member,
                 text::printable(one.was), one.is);
    }
  }
  return broken.empty();
}

/// What has to be asked for so that the same report comes.
GradeRequest request_of(const report::Report& report, const VerifyOptions& options) {
  GradeRequest request;
  request.source = options.source.empty() ? report.submission.source : options.source;
  request.ref = report.submission.commit;
  request.rubric = options.rubric.empty() ? report.grade.rubric_id : options.rubric;
  request.language = report.language;
  request.keep_days = report.keep_days;
  request.static_only = !report.rehearsal;
  request.lint = report.lint.has_value();
  request.probe = report.rehearsal && report.rehearsal->probe;
  request.as_of = report.as_of;
  return request;
}

/// The new report with what is no part of a grading: people's marks, and how the source was named.
Result<void> align(report::Report& again, const report::Report& stored,
                   const GradeRequest& request) {
  again.submission.source = stored.submission.source;
  again.submission.ref = stored.submission.ref;
  if (stored.overrides.empty()) return {};
  const auto rubric = find_rubric(request.rubric);
  if (!rubric) return tl::unexpected(rubric.error());
  auto grade =
      grading::overruled(again.findings, *rubric, report::basis_of(again), stored.overrides);
  if (!grade) return tl::unexpected(grade.error());
  again.overrides = stored.overrides;
  again.grade = std::move(*grade);
  return {};
}

/// 0 where the rubric is the one of the report; else 1, and why.
Result<int> same_rubric(const report::Report& stored, const GradeRequest& request) {
  const auto rubric = find_rubric(request.rubric);
  if (!rubric) return tl::unexpected(rubric.error());
  if (rubric->digest == stored.grade.rubric_digest) return 0;
  fmt::print("the rubric {} is another one:\n  digest {}\n  now    {}\n",
             text::printable(request.rubric), text::printable(stored.grade.rubric_digest),
             rubric->digest);
  return 1;
}

}  // namespace

Result<int> verify(const VerifyOptions& options) {
  const auto text = read_report_file(options.report);
  if (!text) return tl::unexpected(text.error());
  const auto stored = report::read_report(*text, options.report);
  if (!stored) return tl::unexpected(stored.error());
  if (!seals_hold(*text)) return 1;
  if (stored->anonymous) {
    return fail(ErrorKind::usage, "the report is anonymous: it does not say what was graded",
                options.report, "verify the report with names");
  }
  const auto request = request_of(*stored, options);
  auto same = same_rubric(*stored, request);
  if (!same || *same != 0) return same;
  auto again = grade_submission(request);
  if (!again) return tl::unexpected(again.error());
  if (auto done = align(*again, *stored, request); !done) return tl::unexpected(done.error());
  const auto difference = report::first_difference(*text, report::to_json(*again));
  if (!difference) {
    fmt::print("{}: the same report came again\n", text::printable(options.report));
    return 0;
  }
  const auto value = [](const std::string& shown) { return shown.empty() ? "(nothing)" : shown; };
  fmt::print("another report came; the first difference is {}:\n  stored {}\n  now    {}\n",
             text::printable(difference->at), value(difference->one), value(difference->two));
  return 1;
}

}  // namespace grader::cli
