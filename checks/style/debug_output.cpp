#include "checks/code_search.hpp"

namespace grader::checks::style {
namespace {

using python::Kind;
using python::Node;

std::vector<grading::Finding> run(const Facts& facts) {
  std::vector<grading::Finding> findings;
  for (const auto& view : facts.project.views.all) {
    if (view.routes.empty()) continue;
    for (const Node node : view.definition.descendants()) {
      if (!node.is(Kind::call)) continue;
      const std::string name = python::dotted(python::callee(node));
      if (name != "print" && name != "pprint" && name != "breakpoint" && name != "pdb.set_trace") {
        continue;
      }
      findings.push_back(
          violated(facts, line_of(node), name + "() in a view.", grading::Severity::low));
      break;
    }
  }
  return or_met(std::move(findings), "No view prints.");
}

}  // namespace

extern constinit const Check debug_output{
    .title = "Output for debugging was left in",
    .why =
        "Every request writes lines that nobody reads; what is worth telling gets lost among them.",
    .fix =
        "Remove it, or use the module logging. See "
        "https://docs.djangoproject.com/en/stable/topics/logging/",
    .reference = "CWE-489",
    .severity = grading::Severity::low,
    .run = run,
};

}  // namespace grader::checks::style
