#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>

#include "grader/base/interrupt.hpp"
#include "grader/base/log.hpp"
#include "grader/cli/threshold.hpp"
#include "grader/cli/verbs.hpp"
#include "grader/report/annotations.hpp"
#include "grader/report/formats.hpp"
#include "grader/report/leaflet.hpp"

namespace grader::cli {
namespace {

/// A file of a report: what it is called, when it is written, and how.
struct Format {
  std::string_view name;
  std::string_view audience;  ///< of html and md; empty where all read the same
  std::string_view file;
  std::string (*render)(const report::Report&);
};

constexpr Format formats[] = {
    {"html", "interviewer", "report.html", report::to_html},
    {"html", "recruiter", "recruiter.html",
     [](const report::Report& report) { return to_html(recruiter_leaflet(report)); }},
    {"html", "candidate", "candidate.html",
     [](const report::Report& report) { return to_html(candidate_leaflet(report)); }},
    {"json", "", "report.json", report::to_json},
    {"md", "interviewer", "report.md", report::to_markdown},
    {"md", "recruiter", "recruiter.md",
     [](const report::Report& report) { return to_markdown(recruiter_leaflet(report)); }},
    {"md", "candidate", "candidate.md",
     [](const report::Report& report) { return to_markdown(candidate_leaflet(report)); }},
    {"sarif", "", "report.sarif", report::to_sarif},
    {"junit", "", "report.junit.xml", report::to_junit},
};

bool is_wanted(const Format& format, const GradeOptions& options) {
  static const std::vector<std::string> usual{"html", "json", "md"};
  static const std::vector<std::string> usual_audience{"interviewer"};
  const auto& names = options.formats.empty() ? usual : options.formats;
  const auto& readers = options.audience.empty() ? usual_audience : options.audience;
  return std::ranges::find(names, format.name) != names.end() &&
         (format.audience.empty() || std::ranges::find(readers, format.audience) != readers.end());
}

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
  for (const auto& format : formats) {
    if (!is_wanted(format, options)) continue;
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
  const auto threshold = parse_threshold(options.fail_under, options.fail_on);
  if (!threshold) return tl::unexpected(threshold.error());
  const auto report = grade_submission(options.request);
  if (!report) return tl::unexpected(report.error());
  if (!options.out.empty()) {
    if (auto written = write_reports(*report, options); !written) {
      return tl::unexpected(written.error());
    }
  }
  const bool colour = isatty(STDOUT_FILENO) == 1;
  std::string shown =
      options.json ? report::to_json(*report) : report::to_terminal(*report, colour);
  if (options.annotations && !options.json) shown += report::to_annotations(*report);
  std::fwrite(shown.data(), 1, shown.size(), stdout);
  if (std::fflush(stdout) != 0) {
    return fail(ErrorKind::usage, std::string("stdout: ") + std::strerror(errno));
  }
  if (report->rehearsal && !report->rehearsal->problem.empty()) {
    return static_cast<int>(ErrorKind::sandbox);
  }
  return misses(*report, *threshold) ? 1 : 0;
}

}  // namespace grader::cli
