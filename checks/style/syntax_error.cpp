#include <algorithm>

#include "checks/findings.hpp"

namespace grader::checks::style {
namespace {

using grading::Severity;

constexpr std::size_t most_findings = 20;

/// What a style tool says of a file that does not parse: pycodestyle E901/E902, ruff's own.
bool tool_agrees(const sandbox::LintReport& lint, std::string_view path) {
  return std::ranges::any_of(lint.remarks, [&](const sandbox::LintRemark& remark) {
    return remark.at.path == path &&
           (remark.code.starts_with("E9") || remark.code.find("syntax") != std::string::npos);
  });
}

bool is_python2(const project::Inventory& inventory, std::string_view path) {
  return std::ranges::find(inventory.python2_files, path) != inventory.python2_files.end();
}

std::vector<grading::Finding> run(const Facts& facts) {
  const auto& modules = facts.project.program.modules();
  if (modules.empty()) return {not_applicable("There is no Python code.")};
  const bool linted = facts.lint != nullptr && facts.lint->problem.empty();
  std::vector<grading::Finding> findings;
  for (const auto& module : modules) {
    const auto error = module.first_error();
    const bool old = is_python2(facts.project.inventory, module.path());
    if ((!error && !old) || findings.size() >= most_findings) continue;
    // Two readers have to agree: a parser of ours may not know the newest syntax.
    if (linted && !old && !tool_agrees(*facts.lint, module.path())) continue;
    auto finding = violated(facts, error ? error.location() : Location{module.path(), 1},
                            module.path() + (old ? " is written for Python 2, which no supported "
                                                   "Django runs on."
                                                 : " does not parse: it cannot be imported."),
                            Severity::high);
    if (!linted) finding.confidence = grading::Confidence::medium;
    findings.push_back(std::move(finding));
  }
  return findings;
}

}  // namespace

extern constinit const Check syntax_error{
    .title = "A Python file does not parse",
    .why = "The application cannot start, or the part of it in this file cannot be used.",
    .fix =
        "Run python -m compileall . and repair what it names. See "
        "https://docs.python.org/3/library/compileall.html",
    .reference = "https://docs.python.org/3/reference/grammar.html",
    .severity = Severity::high,
    .run = run,
};

}  // namespace grader::checks::style
