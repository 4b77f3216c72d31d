#include "checks/code_search.hpp"

namespace grader::checks::style {
namespace {

using python::Kind;
using python::Node;

std::vector<grading::Finding> run(const Facts& facts) {
  std::vector<grading::Finding> findings;
  each_node(facts, Kind::import_from_statement, "import *", [&](Node node) {
    bool star = false;
    for (const Node child : node.children()) star = star || child.is(Kind::wildcard_import);
    const std::string& path = facts.project.program.of(node)->path();
    // Settings and packages hand on what they import.
    const bool meant = path.ends_with("__init__.py") || path.find("settings") != std::string::npos;
    if (!star || meant) return;
    findings.push_back(violated(facts, line_of(node), "A star import.", grading::Severity::info));
  });
  return or_met(std::move(findings), "No star import outside of settings and packages.");
}

}  // namespace

extern constinit const Check wildcard_import{
    .title = "Everything of a module is imported",
    .why =
        "Where a name comes from cannot be seen any more, and a new name there can replace one "
        "here.",
    .fix =
        "Import the names that are used. See PEP 8, «Imports»: "
        "https://peps.python.org/pep-0008/#imports",
    .reference = "",
    .severity = grading::Severity::info,
    .run = run,
};

}  // namespace grader::checks::style
