#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "grader/base/log.hpp"
#include "grader/base/text.hpp"
#include "grader/cli/pipeline.hpp"
#include "grader/cli/report_files.hpp"
#include "grader/cli/rescore.hpp"
#include "grader/report/formats.hpp"
#include "grader/report/stored.hpp"

namespace grader::cli {
namespace {

Result<report::Report> report_at(const std::string& path) {
  const auto text = read_report_file(path);
  if (!text) return tl::unexpected(text.error());
  return report::read_report(*text, path);
}

/// The report with one more mark of a person, graded anew.
Result<void> overrule(report::Report& report, const OverrideOptions& options) {
  const auto rubric = find_rubric(options.rubric);
  if (!rubric) return tl::unexpected(rubric.error());
  if (report.grade.rubric_id != rubric->id) {
    return fail(ErrorKind::usage, "the report was graded by the rubric " + report.grade.rubric_id,
                options.report, "name it with --rubric");
  }
  const auto points = grading::parse_decimal(options.points);
  if (!points) return tl::unexpected(points.error());
  std::erase_if(report.overrides,
                [&](const auto& one) { return one.criterion == options.criterion; });
  report.overrides.push_back({options.criterion, *points, options.by, options.why});
  auto grade =
      grading::overruled(report.findings, *rubric, report::basis_of(report), report.overrides);
  if (!grade) return tl::unexpected(grade.error());
  report.grade = std::move(*grade);
  return {};
}

}  // namespace

Result<int> override_mark(const OverrideOptions& options) {
  auto report = report_at(options.report);
  if (!report) return tl::unexpected(report.error());
  const auto before = grading::to_string(report->grade.percent);
  if (auto done = overrule(*report, options); !done) return tl::unexpected(done.error());
  const std::filesystem::path file(options.report);
  // The file that was named may have a name of its own; the others have theirs.
  if (auto written = write_file(file, report::to_json(*report)); !written) {
    return tl::unexpected(written.error());
  }
  const auto folder = file.has_parent_path() ? file.parent_path() : std::filesystem::path(".");
  const auto names = file.filename() == "report.json" ? rewrite_reports(*report, folder)
                                                      : Result<std::vector<std::string>>();
  if (!names) return tl::unexpected(names.error());
  fmt::print("{} is {} by {}: {}\nscore: {} -> {} %, {}\n", options.criterion, options.points,
             text::printable(options.by), text::printable(options.why), before,
             grading::to_string(report->grade.percent), report->grade.band_title);
  if (names->size() > 1) fmt::print("written anew: {}\n", text::join(*names, ", "));
  return 0;
}

Result<int> render(const RenderOptions& options) {
  auto report = report_at(options.report);
  if (!report) return tl::unexpected(report.error());
  if (!options.language.empty()) report->language = options.language;
  if (auto written = write_reports(*report, options.out, {options.formats, options.audience});
      !written) {
    return tl::unexpected(written.error());
  }
  log::info("reports written to " + options.out);
  return 0;
}

}  // namespace grader::cli
