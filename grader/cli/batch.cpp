#include "grader/cli/batch.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <set>
#include <thread>

#include "grader/base/interrupt.hpp"
#include "grader/base/log.hpp"
#include "grader/base/process.hpp"
#include "grader/base/text.hpp"
#include "grader/cli/report_files.hpp"
#include "grader/cli/summary.hpp"
#include "grader/report/batch_page.hpp"
#include "grader/report/stored.hpp"

namespace grader::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t most_sources = 10'000;
constexpr std::uintmax_t largest_list = 4U << 20U;
constexpr std::chrono::minutes longest_static{5};
constexpr std::chrono::minutes longest_full{30};
/// Ending and unmounting boxes takes a second; on a machine that is busy some more.
constexpr std::chrono::seconds cleaning_up{20};

struct Job {
  std::string source;
  std::string ref;
  fs::path folder;  ///< of its reports
};

struct Row {
  Summary summary;
  std::string error;  ///< why there is no report
};

/// A folder name of the source's last two parts: "owner+name".
std::string folder_name(std::string_view source) {
  while (source.ends_with('/')) source.remove_suffix(1);
  if (source.ends_with("/.git")) source.remove_suffix(5);
  if (source.ends_with(".git")) source.remove_suffix(4);
  auto parts = text::split(source, '/');
  std::string name(parts.back());
  if (parts.size() > 1 && !parts[parts.size() - 2].empty()) {
    name = std::string(parts[parts.size() - 2]) + "+" + name;
  }
  for (char& c : name) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       c == '-' || c == '_' || c == '.' || c == '+';
    if (!plain) c = '_';
  }
  return name.empty() || name.front() == '.' ? "_" + name : name;
}

Result<std::vector<Job>> read_list(const BatchOptions& options) {
  std::error_code error;
  std::vector<std::string> lines;
  if (fs::is_directory(options.list, error)) {
    for (const auto& entry : fs::directory_iterator(options.list, error)) {
      if (entry.is_directory()) lines.push_back(entry.path().string());
    }
    std::ranges::sort(lines);
  } else {
    std::ifstream file(options.list, std::ios::binary);
    if (!file || fs::file_size(options.list, error) > largest_list) {
      return fail(ErrorKind::usage, "the list cannot be read (or is over 4 MiB)", options.list,
                  "give a file with one source a line, or a folder of repositories");
    }
    const std::string content{std::istreambuf_iterator<char>(file), {}};
    for (const auto line : text::lines(content)) lines.emplace_back(text::trim(line));
  }
  std::vector<Job> jobs;
  std::set<std::string> taken;
  for (const auto& line : lines) {
    if (line.empty() || line.front() == '#') continue;
    const auto tab = line.find('\t');
    Job job;
    job.source = line.substr(0, tab);
    if (tab != std::string::npos) job.ref = line.substr(tab + 1);
    std::string name = folder_name(job.source);
    for (int i = 2; !taken.insert(name).second; ++i)
      name = fmt::format("{}-{}", folder_name(job.source), i);
    if (options.anonymous) name = "candidate-" + text::sha256(job.source).substr(0, 6);
    job.folder = fs::path(options.out) / name;
    jobs.push_back(std::move(job));
  }
  if (jobs.empty() || jobs.size() > most_sources) {
    return fail(ErrorKind::usage, "the list names no source, or more than 10,000", options.list);
  }
  return jobs;
}

std::vector<std::string> arguments(const Job& job, const BatchOptions& options) {
  std::vector<std::string> argv{"/proc/self/exe", "grade",       "--with-parent",
                                job.source,       "--out",       job.folder.string(),
                                "--rubric",       options.rubric};
  std::vector<std::string> formats = options.formats;
  if (formats.empty()) formats = {"html", "json", "md"};
  if (std::ranges::find(formats, "json") == formats.end()) formats.emplace_back("json");
  argv.insert(argv.end(), {"--format", text::join(formats, ",")});
  if (options.anonymous) argv.emplace_back("--anonymous");
  if (!options.audience.empty()) {
    argv.insert(argv.end(), {"--audience", text::join(options.audience, ",")});
  }
  argv.insert(argv.end(), {"--lang", options.language});
  if (!job.ref.empty()) argv.insert(argv.end(), {"--ref", job.ref});
  if (options.static_only) argv.emplace_back("--static");
  if (!options.lint) argv.emplace_back("--no-lint");
  if (!options.probe) argv.emplace_back("--no-probe");
  return argv;
}

std::string last_error(const std::string& err) {
  std::string last = "it ended without a word";
  for (const auto line : text::lines(err)) {
    if (line.starts_with("error: ") && !line.starts_with("error:   ")) last = line.substr(7);
  }
  return last;
}

Row grade_one(const Job& job, const BatchOptions& options) {
  Row row;
  const fs::path report = job.folder / "report.json";
  const std::string_view basis = options.static_only ? "static" : "full";
  if (auto stored = read_summary(report); stored && stored->basis == basis) {
    row.summary = *stored;
    return row;
  } else if (stored && options.static_only) {
    row.error = "a report of a full grading is there already: choose another folder with --out";
    return row;
  }
  process::Command command;
  command.argv = arguments(job, options);
  command.environment = process::inherited({"PATH",
                                            "HOME",
                                            "LANG",
                                            "TMPDIR",
                                            "XDG_CACHE_HOME",
                                            "XDG_CONFIG_HOME",
                                            "XDG_RUNTIME_DIR",
                                            "SSL_CERT_FILE",
                                            "SSL_CERT_DIR",
                                            "SSH_AUTH_SOCK",
                                            "HTTPS_PROXY",
                                            "ALL_PROXY",
                                            "NO_PROXY",
                                            "GRADER_TOKEN",
                                            "GRADER_TOKEN_HOST",
                                            "PIP_CONFIG_FILE",
                                            "PIP_INDEX_URL",
                                            "PIP_CERT",
                                            "PIP_FIND_LINKS",
                                            "UV_INDEX_URL",
                                            "UV_DEFAULT_INDEX",
                                            "REQUESTS_CA_BUNDLE"});
  command.grace = cleaning_up;
  command.wall = options.static_only ? longest_static : longest_full;
  const auto outcome = process::run(command);
  if (!outcome) {
    row.error = outcome.error().what;
  } else if (outcome->status == process::Outcome::Status::timed_out) {
    row.error = "it took longer than allowed and was stopped";
  } else if (outcome->status == process::Outcome::Status::signalled) {
    row.error = fmt::format("the grader itself was killed by signal {}", outcome->signal);
  } else if (!outcome->ok()) {
    row.error = last_error(outcome->err);
  } else if (auto made = read_summary(report)) {
    row.summary = *made;
  } else {
    row.error = made.error().what;
  }
  return row;
}

void print_table(const std::vector<Job>& jobs, const std::vector<Row>& rows) {
  fmt::print("{:<50} {:>7} {:>15} {}\n", "submission", "percent", "low-high", "band");
  for (std::size_t i = 0; i < jobs.size(); ++i) {
    const std::string name = text::shorten(jobs[i].folder.filename().string(), 50);
    const Row& row = rows[i];
    if (!row.error.empty()) {
      fmt::print("{:<50} {:>7} {:>15} {}\n", name, "-", "-",
                 "error: " + text::shorten(row.error, 90));
      continue;
    }
    fmt::print("{:<50} {:>7} {:>15} {}\n", name, row.summary.percent,
               row.summary.low + "-" + row.summary.high, row.summary.band);
  }
}

/// index.html and batch.csv over all that stands in the folders now.
Result<void> write_pages(const std::vector<Job>& jobs, const std::vector<Row>& rows,
                         const BatchOptions& options) {
  std::vector<report::BatchRow> table;
  report::BatchInfo info;
  info.language = options.language;
  for (std::size_t i = 0; i < jobs.size(); ++i) {
    const std::string folder = jobs[i].folder.filename().string();
    std::error_code error;
    const auto text = rows[i].error.empty()
                          ? read_report_file((jobs[i].folder / "report.json").string())
                          : Result<std::string>(fail(ErrorKind::usage, rows[i].error));
    const auto report = text ? report::read_report(*text, folder)
                             : Result<report::Report>(tl::unexpected(text.error()));
    if (!report) {
      table.push_back({folder, false, folder, {}, {}, report.error().what, {}});
      continue;
    }
    info.as_of = std::max(info.as_of, report->as_of);
    table.push_back(
        report::batch_row(*report, folder, fs::exists(jobs[i].folder / "report.html", error)));
  }
  std::error_code error;
  fs::create_directories(options.out, error);
  const auto wants = [&](std::string_view format) {
    return options.formats.empty() ||
           std::ranges::find(options.formats, format) != options.formats.end();
  };
  if (wants("html")) {
    auto written =
        write_file(fs::path(options.out) / "index.html", report::batch_html(table, info));
    if (!written) return written;
  }
  return write_file(fs::path(options.out) / "batch.csv", report::batch_csv(table));
}

}  // namespace

Result<int> batch(const BatchOptions& options) {
  const auto jobs = read_list(options);
  if (!jobs) return tl::unexpected(jobs.error());
  std::vector<Row> rows(jobs->size());
  std::atomic<std::size_t> next{0};
  std::atomic<std::size_t> done{0};
  const auto work = [&] {
    for (std::size_t i = next++; i < jobs->size() && !interrupt::requested(); i = next++) {
      rows[i] = grade_one((*jobs)[i], options);
      if (interrupt::requested() && !rows[i].error.empty()) return;
      log::progress(fmt::format("{} of {} graded: {}", ++done, jobs->size(),
                                (*jobs)[i].folder.filename().string()));
    }
  };
  std::vector<std::jthread> workers;
  const auto count = std::clamp(options.jobs, 1, 64);
  for (int i = 1; i < count; ++i) workers.emplace_back(work);
  work();
  workers.clear();
  if (interrupt::requested()) {
    return fail(ErrorKind::interrupted,
                fmt::format("interrupted; {} of {} are graded", done.load(), jobs->size()), {},
                "the same command goes on with the rest");
  }
  print_table(*jobs, rows);
  if (auto written = write_pages(*jobs, rows, options); !written) {
    return tl::unexpected(written.error());
  }
  return 0;
}

}  // namespace grader::cli
