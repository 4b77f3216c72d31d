#include <doctest/doctest.h>

#include "sandbox/rehearsal/lint_records.hpp"

using namespace grader::sandbox;

namespace {

Record remark(std::string tool, std::string path, std::int64_t line, std::string code = "E501") {
  Record record{"remark", {}, {}, {}};
  record.texts = {{"tool", std::move(tool)}, {"path", std::move(path)}, {"code", std::move(code)}};
  record.numbers = {{"line", line}, {"column", 1}};
  return record;
}

}  // namespace

TEST_CASE("remarks are sorted by place and carry tool and code") {
  Records records;
  records.all = {remark("pycodestyle", "b.py", 9), remark("ruff", "a.py", 2, "F401"),
                 remark("pycodestyle", "a.py", 1), Record{"tool", {{"version", "ruff 1"}}, {}, {}},
                 Record{"end", {}, {{"files", 2}, {"lines", 30}}, {}}};
  const LintReport report = lint_report(records, {"a.py", "b.py"});
  REQUIRE(report.remarks.size() == 3);
  CHECK(report.remarks[0].at.path == "a.py");
  CHECK(report.remarks[0].at.line == 1);
  CHECK(report.remarks[1].code == "F401");
  CHECK(report.remarks[2].at.path == "b.py");
  CHECK(report.tools == std::vector<std::string>{"ruff 1"});
  CHECK(report.files == 2);
  CHECK(report.lines == 30);
  CHECK(report.problem.empty());
}

TEST_CASE("files not asked for and unknown tools are dropped, places stay possible") {
  Records records;
  records.all = {remark("pycodestyle", "../../etc/passwd", 1), remark("other", "a.py", 1),
                 remark("ruff", "a.py", -5), remark("ruff", "a.py", 1LL << 60)};
  const LintReport report = lint_report(records, {"a.py"});
  REQUIRE(report.remarks.size() == 2);
  CHECK(report.remarks[0].at.line == 0);
  CHECK(report.remarks[1].at.line > 0);
  CHECK_FALSE(report.problem.empty());
}

TEST_CASE("each tool keeps its own cap") {
  Records records;
  for (int i = 0; i < 6'000; ++i) records.all.push_back(remark("pycodestyle", "a.py", i));
  records.all.push_back(remark("ruff", "a.py", 1));
  const LintReport report = lint_report(records, {"a.py"});
  CHECK(report.remarks.size() == remarks_cap + 1);
}
