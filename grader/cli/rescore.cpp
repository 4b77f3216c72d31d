#include "grader/cli/rescore.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "grader/base/text.hpp"
#include "grader/cli/pipeline.hpp"
#include "grader/cli/report_files.hpp"
#include "grader/report/stored.hpp"

namespace grader::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t most_reports = 20'000;

/// The files that are meant: a folder stands for every report.json in it and one level below.
std::vector<std::string> files_of(const std::vector<std::string>& given) {
  std::vector<std::string> files;
  std::error_code error;
  for (const auto& path : given) {
    if (!fs::is_directory(path, error)) {
      files.push_back(path);
      continue;
    }
    if (fs::exists(fs::path(path) / "report.json", error)) files.push_back(path + "/report.json");
    std::vector<std::string> below;
    for (fs::directory_iterator at(path, error), end; !error && at != end; at.increment(error)) {
      const auto file = at->path() / "report.json";
      std::error_code unused;
      if (fs::exists(file, unused)) below.push_back(file.string());
    }
    std::ranges::sort(below);
    files.insert(files.end(), below.begin(), below.end());
  }
  return files;
}

struct Row {
  std::string name;
  double before = 0;
  double after = 0;
  std::string band_before;
  std::string band_after;
  bool full = false;
};

Result<Row> row_of(const std::string& path, const grading::Rubric& rubric) {
  const auto text = read_report_file(path);
  if (!text) return tl::unexpected(text.error());
  const auto stored = report::read_stored(*text, path);
  if (!stored) return tl::unexpected(stored.error());
  const auto grade = grading::grade(stored->findings, rubric, stored->basis);
  return Row{stored->source,
             std::strtod(stored->percent.c_str(), nullptr),
             grade.percent.approximate(),
             stored->band,
             grade.band_title,
             stored->basis.full};
}

/// Places from 1, best first; equal figures share one.
std::size_t place(const std::vector<Row>& rows, double Row::* figure, double value) {
  return 1 + static_cast<std::size_t>(
                 std::ranges::count_if(rows, [&](const Row& row) { return row.*figure > value; }));
}

void print(const std::vector<Row>& rows) {
  fmt::print("{:>7} {:>7} {:>7}  {:>9}  {:<42} {}\n", "before", "after", "change", "rank", "band",
             "submission");
  std::size_t crossed = 0;
  for (const auto& row : rows) {
    const bool crosses = row.band_before != row.band_after;
    crossed += crosses ? 1 : 0;
    const auto before = place(rows, &Row::before, row.before);
    const auto after = place(rows, &Row::after, row.after);
    const std::string rank =
        before == after ? std::to_string(after) : fmt::format("{} -> {}", before, after);
    const std::string band = crosses ? row.band_before + " -> " + row.band_after : row.band_after;
    fmt::print("{:>7.2f} {:>7.2f} {:>+7.2f}  {:>9}  {:<42} {}\n", row.before, row.after,
               row.after - row.before, rank, text::printable(band), text::printable(row.name));
  }
  fmt::print("{} of {} in another band\n", crossed, rows.size());
}

}  // namespace

Result<int> rescore(const RescoreOptions& options) {
  const auto rubric = find_rubric(options.rubric);
  if (!rubric) return tl::unexpected(rubric.error());
  const auto files = files_of(options.reports);
  if (files.empty() || files.size() > most_reports) {
    return fail(ErrorKind::usage, fmt::format("{} reports were found", files.size()), {},
                "name report.json files or a folder of a batch, at most 20,000");
  }
  std::vector<Row> rows;
  for (const auto& file : files) {
    auto row = row_of(file, *rubric);
    if (!row) return tl::unexpected(row.error());
    if (!rows.empty() && rows.front().full != row->full) {
      return fail(ErrorKind::usage, "static and full gradings cannot be compared", file,
                  "rescore them apart");
    }
    rows.push_back(std::move(*row));
  }
  std::ranges::stable_sort(rows, std::ranges::greater{}, &Row::after);
  print(rows);
  return 0;
}

}  // namespace grader::cli
