#include <cstdio>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "grader/report/batch_page.hpp"
#include "grader/report/formats.hpp"
#include "grader/report/leaflet.hpp"
#include "tests/report/markup.hpp"
#include "tests/report/sample.hpp"

namespace report = grader::report;

namespace {

void write(const std::filesystem::path& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary) << bytes;
}

void write_all(const std::filesystem::path& folder, const std::string& name,
               const report::Report& value) {
  write(folder / (name + ".html"), report::to_html(value));
  write(folder / (name + ".md"), report::to_markdown(value));
  write(folder / (name + ".json"), report::to_json(value));
}

}  // namespace

/// report_samples DIR: writes the reports that the browser test opens.
int main(int argc, char** argv) {
  if (argc != 2) {
    std::fputs("usage: report_samples DIR\n", stderr);
    return 2;
  }
  const std::filesystem::path folder = argv[1];
  std::filesystem::create_directories(folder);
  write_all(folder, "middling", report::sample::middling());
  write_all(folder, "bare", report::sample::bare());
  write_all(folder, "unsettled", report::sample::unsettled());
  write_all(folder, "hostile", report::sample::hostile());
  auto russian = report::sample::middling();
  russian.language = "ru";
  write(folder / "russian.html", report::to_html(russian));
  write(folder / "recruiter.html", report::to_html(report::recruiter_leaflet(russian)));
  write(folder / "candidate.html",
        report::to_html(report::candidate_leaflet(report::sample::middling())));
  std::vector<report::BatchRow> rows;
  for (int i = 0; i < 500; ++i) {
    rows.push_back(
        report::batch_row(i % 2 == 0 ? report::sample::middling() : report::sample::unsettled(),
                          "row-" + std::to_string(i), true));
    rows.back().name = "ann/vault-" + std::to_string(i);
    rows.back().grade.percent = grader::grading::Decimal(i * 37 % 500, 5);
  }
  write(folder / "batch.html", report::batch_html(rows, {}));
  const auto markdown = report::to_markdown(report::sample::hostile());
  write(folder / "hostile.md.html",
        "<!doctype html><meta charset=utf-8>" + report::test::render_markdown(markdown));
  // The attacks that need no more than to be put into a page, for pages that do just that.
  const auto& attacks = report::sample::attacks();
  write(folder / "attacks.json",
        nlohmann::json(std::vector<std::string>(attacks.begin(), attacks.begin() + 8)).dump());
  return 0;
}
