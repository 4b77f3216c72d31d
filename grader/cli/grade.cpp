#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>

#include "grader/base/interrupt.hpp"
#include "grader/base/log.hpp"
#include "grader/cli/verbs.hpp"
#include "grader/report/formats.hpp"

namespace grader::cli {
namespace {

struct Format {
  std::string_view name;
  std::string_view file;
  std::string (*render)(const report::Report&);
};

constexpr Format formats[] = {
    {"html", "report.html", report::to_html},        {"json", "report.json", report::to_json},
    {"md", "report.md", report::to_markdown},        {"sarif", "report.sarif", report::to_sarif},
    {"junit", "report.junit.xml", report::to_junit},
};

/// Written beside its place and moved there, so that a full disk or an interrupt leaves no half
/// file.
Result<void> write_file(const std::filesystem::path& path, const std::string& text) {
  std::filesystem::path unfinished = path;
  unfinished += ".part";
  std::ofstream file(unfinished, std::ios::binary | std::ios::trunc);
  file.write(text.data(), static_cast<std::streamsize>(text.size()));
  file.close();
  std::error_code error;
  if (!file) {
    const std::string reason = std::strerror(errno);
    std::filesystem::remove(unfinished, error);
    return fail(ErrorKind::usage, "the report could not be written: " + reason, path.string(),
                "free space or choose another folder with --out");
  }
  std::filesystem::rename(unfinished, path, error);
  if (error) return fail(ErrorKind::usage, error.message(), path.string());
  return {};
}

Result<void> write_reports(const report::Report& report, const GradeOptions& options) {
  std::error_code error;
  std::filesystem::create_directories(options.out, error);
  if (error) {
    return fail(ErrorKind::usage, "the folder cannot be made: " + error.message(), options.out,
                "choose another folder with --out");
  }
  std::vector<std::string> wanted = options.formats;
  if (wanted.empty()) wanted = {"html", "json", "md"};
  for (const auto& format : formats) {
    if (std::ranges::find(wanted, format.name) == wanted.end()) continue;
    if (auto written =
            write_file(std::filesystem::path(options.out) / format.file, format.render(report));
        !written) {
      return written;
    }
  }
  // Secrets and tokens of a run as they were: for whoever wants to follow it, no part of the
  // report.
  if (report.rehearsal && report.rehearsal->probe && !report.rehearsal->probe->raw.empty()) {
    auto written =
        write_file(std::filesystem::path(options.out) / "trace.json", report.rehearsal->probe->raw);
    if (!written) return written;
  }
  log::info("reports written to " + options.out);
  return {};
}

}  // namespace

Result<int> grade(const GradeOptions& options) {
  if (options.with_parent && !interrupt::end_with_parent()) {
    return fail(ErrorKind::interrupted, "the process that started this one is gone");
  }
  std::optional<grading::Decimal> threshold;
  if (options.fail_under) {
    const auto parsed = grading::parse_decimal(*options.fail_under);
    if (!parsed || *parsed > grading::Decimal(100)) {
      return fail(ErrorKind::usage, "--fail-under takes a percent from 0 to 100", {},
                  "give a number such as 70 or 62.5");
    }
    threshold = *parsed;
  }
  const auto report = grade_submission(options.request);
  if (!report) return tl::unexpected(report.error());
  if (!options.out.empty()) {
    if (auto written = write_reports(*report, options); !written) {
      return tl::unexpected(written.error());
    }
  }
  const bool colour = isatty(STDOUT_FILENO) == 1;
  const std::string shown =
      options.json ? report::to_json(*report) : report::to_terminal(*report, colour);
  std::fwrite(shown.data(), 1, shown.size(), stdout);
  if (std::fflush(stdout) != 0) {
    return fail(ErrorKind::usage, std::string("stdout: ") + std::strerror(errno));
  }
  if (report->rehearsal && !report->rehearsal->problem.empty()) {
    return static_cast<int>(ErrorKind::sandbox);
  }
  return threshold && report->grade.low < *threshold ? 1 : 0;
}

}  // namespace grader::cli
