#include <algorithm>

#include "checks/code_search.hpp"

namespace grader::checks::views {
namespace {

using python::Kind;
using python::Node;

std::vector<grading::Finding> run(const Facts& facts) {
  std::vector<grading::Finding> findings;
  for (const auto& view : facts.project.views.all) {
    if (view.routes.empty()) continue;
    for (const Node node : view.definition.descendants()) {
      if (!node.is(Kind::global_statement)) continue;
      std::string names(node.text().substr(std::min<std::size_t>(6, node.text().size())));
      findings.push_back(violated(facts, line_of(node),
                                  view.name + " writes to a global of the module:" + names + ".",
                                  grading::Severity::medium));
    }
  }
  return or_met(std::move(findings), "No view writes to a global of its module.");
}

}  // namespace

extern constinit const Check state_in_module{
    .title = "What belongs to one request is kept for all",
    .why =
        "A module global is shared by all visitors of the process: one person sees or changes what "
        "another left there.",
    .fix =
        "Pass values on as arguments or in the context; keep them in the session or the database. "
        "See https://docs.djangoproject.com/en/stable/topics/http/sessions/",
    .reference = "CWE-488",
    .severity = grading::Severity::medium,
    .run = run,
};

}  // namespace grader::checks::views
