#include "grader/cli/report_files.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <fstream>
#include <iterator>
#include <system_error>

#include "grader/cli/print.hpp"
#include "grader/report/formats.hpp"
#include "grader/report/leaflet.hpp"

namespace grader::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::uintmax_t largest_report = 64U << 20U;

/// A file of a report: what it is called, when it is written, and how.
struct Format {
  std::string_view name;
  std::string_view audience;  ///< of html, md and pdf; empty where all read the same
  std::string_view file;
  std::string (*render)(const report::Report&);
};

std::string recruiter_html(const report::Report& report) {
  return to_html(recruiter_leaflet(report));
}

std::string candidate_html(const report::Report& report) {
  return to_html(candidate_leaflet(report));
}

/// A pdf is rendered as HTML and printed.
constexpr std::array<Format, 12> formats{{
    {"html", "interviewer", "report.html", report::to_html},
    {"html", "recruiter", "recruiter.html", recruiter_html},
    {"html", "candidate", "candidate.html", candidate_html},
    {"json", "", "report.json", report::to_json},
    {"md", "interviewer", "report.md", report::to_markdown},
    {"md", "recruiter", "recruiter.md",
     [](const report::Report& report) { return to_markdown(recruiter_leaflet(report)); }},
    {"md", "candidate", "candidate.md",
     [](const report::Report& report) { return to_markdown(candidate_leaflet(report)); }},
    {"sarif", "", "report.sarif", report::to_sarif},
    {"junit", "", "report.junit.xml", report::to_junit},
    {"pdf", "interviewer", "report.pdf", report::to_html},
    {"pdf", "recruiter", "recruiter.pdf", recruiter_html},
    {"pdf", "candidate", "candidate.pdf", candidate_html},
}};

bool is_wanted(const Format& format, const Files& files) {
  static const std::vector<std::string> usual{"html", "json", "md"};
  static const std::vector<std::string> usual_audience{"interviewer"};
  const auto& names = files.formats.empty() ? usual : files.formats;
  const auto& readers = files.audience.empty() ? usual_audience : files.audience;
  return std::ranges::find(names, format.name) != names.end() &&
         (format.audience.empty() || std::ranges::find(readers, format.audience) != readers.end());
}

Result<void> write_format(const Format& format, const report::Report& report,
                          const fs::path& folder) {
  const fs::path path = folder / format.file;
  const std::string text = format.render(report);
  return format.name == "pdf" ? print_page(text, path) : write_file(path, text);
}

}  // namespace

const std::vector<std::string>& format_names() {
  static const std::vector<std::string> names{"html", "json", "md", "sarif", "junit", "pdf"};
  return names;
}

Result<void> write_file(const fs::path& path, const std::string& text) {
  fs::path unfinished = path;
  unfinished += ".part";
  std::ofstream file(unfinished, std::ios::binary | std::ios::trunc);
  file.write(text.data(), static_cast<std::streamsize>(text.size()));
  file.close();
  std::error_code error;
  if (!file) {
    const std::string reason = std::generic_category().message(errno);
    fs::remove(unfinished, error);
    return fail(ErrorKind::usage, "the report could not be written: " + reason, path.string(),
                "free space or choose another folder with --out");
  }
  fs::rename(unfinished, path, error);
  if (error) return fail(ErrorKind::usage, error.message(), path.string());
  return {};
}

Result<void> write_reports(const report::Report& report, const std::string& folder,
                           const Files& files) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) {
    return fail(ErrorKind::usage, "the folder cannot be made: " + error.message(), folder,
                "choose another folder with --out");
  }
  for (const auto& format : formats) {
    if (!is_wanted(format, files)) continue;
    if (auto written = write_format(format, report, folder); !written) return written;
  }
  // Secrets and tokens of a run as they were: for whoever wants to follow it, no part of the
  // report.
  if (report.rehearsal && report.rehearsal->probe && !report.rehearsal->probe->raw.empty()) {
    return write_file(fs::path(folder) / "trace.json", report.rehearsal->probe->raw);
  }
  return {};
}

Result<std::vector<std::string>> rewrite_reports(const report::Report& report,
                                                 const fs::path& folder) {
  std::vector<std::string> names;
  for (const auto& format : formats) {
    std::error_code error;
    if (!fs::is_regular_file(folder / format.file, error)) continue;
    if (auto written = write_format(format, report, folder); !written) {
      return tl::unexpected(written.error());
    }
    names.emplace_back(format.file);
  }
  return names;
}

Result<std::string> read_report_file(const std::string& path) {
  std::error_code error;
  const auto size = fs::file_size(path, error);
  if (error) return fail(ErrorKind::usage, "there is no report: " + error.message(), path);
  if (size > largest_report) {
    return fail(ErrorKind::usage, "the report is larger than 64 MiB", path);
  }
  std::ifstream file(path, std::ios::binary);
  return std::string(std::istreambuf_iterator<char>(file), {});
}

}  // namespace grader::cli
