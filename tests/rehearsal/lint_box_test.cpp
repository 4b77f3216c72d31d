// The style tools in a real box.
#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>

#include "grader/base/text.hpp"
#include "sandbox/rehearsal/lint.hpp"

using namespace grader::sandbox;

TEST_CASE("remarks come by file and line, whatever the candidate's configuration says") {
  const auto host = prepare_host();
  if (!host) FAIL(to_string(host.error()));
  const auto sandbox = Sandbox::open();
  if (!sandbox) FAIL(to_string(sandbox.error()));
  const std::vector<std::string> files = {"vault/forms.py", "vault/models.py"};
  const auto report =
      lint_tree(std::filesystem::absolute("fixtures/rehearsal/good"), files, *sandbox, *host);
  if (!report) FAIL(to_string(report.error()));
  CHECK(report->problem.empty());
  CHECK(report->files == 2);
  CHECK(report->tools.size() == 2);
  std::vector<std::string> codes;
  for (const LintRemark& remark : report->remarks) {
    codes.push_back(to_string(remark.at) + " " + remark.code);
  }
  // setup.cfg would hide the first four, pyproject.toml everything that ruff says.
  const std::vector<std::string> expected = {"vault/forms.py:2 E225", "vault/forms.py:3 E302",
                                             "vault/forms.py:3 E201", "vault/forms.py:3 E202",
                                             "vault/forms.py:8 F841", "vault/models.py:6 E501"};
  CHECK(grader::text::join(codes, "\n") == grader::text::join(expected, "\n"));
}
