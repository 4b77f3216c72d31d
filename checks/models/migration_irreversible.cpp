#include "checks/code_search.hpp"

namespace grader::checks::models {
namespace {

using python::Kind;
using python::Node;

std::vector<grading::Finding> run(const Facts& facts) {
  std::vector<grading::Finding> findings;
  for (const auto& module : facts.project.program.modules()) {
    if (module.path().find("migrations/") == std::string::npos) continue;
    if (module.text().find("RunPython") == std::string_view::npos) continue;
    for (const Node node : module.root().descendants()) {
      if (!node.is(Kind::call)) continue;
      if (!python::dotted(python::callee(node)).ends_with("migrations.RunPython")) continue;
      if (python::argument(node, "reverse_code", 1)) continue;
      findings.push_back(
          violated(facts, line_of(node), "RunPython has no way back.", grading::Severity::low));
    }
  }
  return or_met(std::move(findings), "Every migration of data has a way back.");
}

}  // namespace

extern constinit const Check migration_irreversible{
    .title = "A migration of data cannot be undone",
    .why = "When a release has to be taken back, the database cannot follow.",
    .fix =
        "Give RunPython a second function, or RunPython.noop. See "
        "https://docs.djangoproject.com/en/stable/ref/migration-operations/#runpython",
    .reference = "",
    .severity = grading::Severity::low,
    .run = run,
};

}  // namespace grader::checks::models
