#include <algorithm>

#include "checks/code_search.hpp"

namespace grader::checks::views {
namespace {

using python::Kind;
using python::Node;

/// keys.cipher = … and Vault.key = …, where `keys` is a module and Vault a class of the submission.
std::string shared_target(const Facts& facts, Node node) {
  const Node target = node.is(Kind::assignment) ? node.child(python::Field::left) : Node();
  if (!target.is(Kind::attribute)) return {};
  const auto holder = facts.project.program.resolve(target.child(python::Field::object));
  const bool shared = holder.is_class() || holder.definition.is(Kind::module);
  return shared ? " " + std::string(target.text()) : std::string();
}

std::vector<grading::Finding> run(const Facts& facts) {
  std::vector<grading::Finding> findings;
  for (const auto& view : facts.project.views.all) {
    if (view.routes.empty()) continue;
    for (const Node node : view.definition.descendants()) {
      std::string names = shared_target(facts, node);
      if (node.is(Kind::global_statement)) {
        names = node.text().substr(std::min<std::size_t>(6, node.text().size()));
      }
      if (names.empty()) continue;
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
