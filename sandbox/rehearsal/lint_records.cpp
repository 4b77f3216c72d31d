#include "sandbox/rehearsal/lint_records.hpp"

#include <algorithm>
#include <set>
#include <tuple>

namespace grader::sandbox {

namespace {

constexpr std::int64_t line_limit = 100'000'000;

int bounded(std::int64_t number) {
  return static_cast<int>(std::clamp<std::int64_t>(number, 0, line_limit));
}

LintRemark remark_of(const Record& record) {
  LintRemark remark;
  remark.tool = record.text("tool");
  remark.code = record.text("code");
  remark.message = record.text("message");
  remark.at.path = record.text("path");
  remark.at.line = bounded(record.number("line"));
  remark.at.column = bounded(record.number("column"));
  return remark;
}

auto place(const LintRemark& remark) {
  return std::tie(remark.at, remark.tool, remark.code, remark.message);
}

}  // namespace

LintReport lint_report(const Records& records, const std::vector<std::string>& files) {
  LintReport report;
  const std::set<std::string_view> asked(files.begin(), files.end());
  std::map<std::string, std::size_t, std::less<>> kept = {{"pycodestyle", 0}, {"ruff", 0}};
  bool ended = false;
  for (const Record& record : records.all) {
    if (record.kind == "remark") {
      const auto tool = kept.find(record.text("tool"));
      if (tool == kept.end() || tool->second == remarks_cap) continue;
      if (!asked.contains(record.text("path"))) continue;
      ++tool->second;
      report.remarks.push_back(remark_of(record));
    } else if (record.kind == "tool") {
      report.tools.emplace_back(record.text("version"));
    } else if (record.kind == "end") {
      ended = true;
      report.files = bounded(record.number("files"));
      report.lines = bounded(record.number("lines"));
    }
  }
  std::ranges::sort(report.remarks, {}, place);
  if (!ended) report.problem = "the style tools did not come to their end";
  return report;
}

}  // namespace grader::sandbox
