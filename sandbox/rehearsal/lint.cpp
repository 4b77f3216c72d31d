#include "sandbox/rehearsal/lint.hpp"

#include "grader/base/text.hpp"
#include "grader/project/files.hpp"
#include "sandbox/environment/checkout.hpp"
#include "sandbox/environment/drive.hpp"
#include "sandbox/rehearsal/lint_records.hpp"

namespace grader::sandbox {

namespace {

/// Python files of the candidate's; a path that is no UTF-8 cannot be named to the tools.
std::vector<std::string> python_files(const submission::Submission& submission) {
  project::Files files;
  for (const submission::TreeEntry& entry : submission.entries()) {
    files.entries.push_back({entry.path, entry.size, entry.mode == submission::Mode::symlink});
  }
  files.read = [](std::string_view) { return std::nullopt; };
  std::vector<std::string> found;
  for (const project::Files::Entry& entry : files.entries) {
    if (entry.symlink || !entry.path.ends_with(".py") || text::to_utf8(entry.path) != entry.path) {
      continue;
    }
    if (entry.size > submission.limits().read_bytes) continue;
    if (!project::is_vendored(entry.path, files)) found.push_back(entry.path);
  }
  return found;
}

Limits lint_limits() {
  Limits limits;
  limits.scratch = 0;
  // 10,000 remarks of about 200 bytes each.
  limits.output_kept = 8ULL << 20U;
  return limits;
}

}  // namespace

Result<LintReport> lint(const submission::Submission& submission, const Sandbox& sandbox,
                        const Host& host) {
  const Result<Checkout> checkout = check_out(submission);
  if (!checkout) return tl::unexpected(checkout.error());
  return lint_tree(checkout->tree, python_files(submission), sandbox, host);
}

Result<LintReport> lint_tree(const std::filesystem::path& tree,
                             const std::vector<std::string>& files, const Sandbox& sandbox,
                             const Host& host) {
  Drive run;
  run.module = "lint";
  run.config.set("root", place::submission)
      .set("files", files)
      .set("tools", place::tools)
      .set("cap", static_cast<std::int64_t>(remarks_cap));
  run.mounts = {read_only(tree, place::submission), read_only(host.tools, place::tools)};
  run.limits = lint_limits();
  const Result<Driven> driven = drive(sandbox, host, run);
  if (!driven) return tl::unexpected(driven.error());
  LintReport report = lint_report(driven->records, files);
  if (!report.problem.empty() && !driven->result.detail.empty()) {
    report.problem += ": " + driven->result.detail;
  }
  return report;
}

}  // namespace grader::sandbox
