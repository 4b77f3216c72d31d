#include <set>
#include <string>

#include "checks/findings.hpp"
#include "grader/base/text.hpp"
#include "grader/project/project.hpp"

namespace grader::checks::access {
namespace {

using python::Field;
using python::Kind;
using python::Node;

/// Names that this function declares global.
std::set<std::string_view> globals_of(Node function) {
  std::set<std::string_view> names;
  for (const Node node : function.descendants()) {
    if (!node.is(Kind::global_statement)) continue;
    for (const Node name : node.children()) {
      if (name.is(Kind::identifier)) names.insert(name.text());
    }
  }
  return names;
}

/// True if the value comes from the request: itself, or by a variable that was set from it.
bool from_request(Node value, Node function) {
  if (text::contains_any(value.text(), {"request.", "cleaned_data", "validated_data"})) return true;
  std::set<std::string_view> names;
  for (const Node node : function.descendants()) {
    if (node.is(Kind::assignment) &&
        node.child(Field::right).text().find("request.") != std::string_view::npos) {
      names.insert(node.child(Field::left).text());
    }
  }
  if (value.is(Kind::identifier)) return names.contains(value.text());
  for (const Node node : value.descendants()) {
    if (node.is(Kind::identifier) && names.contains(node.text())) return true;
  }
  return false;
}

std::vector<grading::Finding> run(const Facts& facts) {
  std::vector<grading::Finding> findings;
  bool any = false;
  for (const auto& view : facts.project.views.all) {
    if (view.routes.empty()) continue;
    any = true;
    const auto globals = globals_of(view.definition);
    if (globals.empty()) continue;
    for (const Node node : view.definition.descendants()) {
      if (!node.is(Kind::assignment)) continue;
      const Node left = node.child(Field::left);
      if (!left.is(Kind::identifier) || !globals.contains(left.text())) continue;
      if (!from_request(node.child(Field::right), view.definition)) continue;
      findings.push_back(violated(facts, node.location(),
                                  view.name + " keeps what one request sent in the global " +
                                      std::string(left.text()) + ", which all users share.",
                                  grading::Severity::high));
    }
  }
  if (!any) return {not_applicable("No routed view was found.")};
  if (findings.empty()) {
    findings.push_back(met("No view keeps what a request sent in a global of its module."));
  }
  return findings;
}

}  // namespace

extern constinit const Check state_in_module_global{
    .title = "What one user sent is kept in a global that all users share",
    .why = "The next request, of whichever user the same process serves, sees or uses the value.",
    .fix =
        "Keep it in request.session, in the database, or pass it on: "
        "https://docs.djangoproject.com/en/stable/topics/http/sessions/",
    .reference = "CWE-488",
    .severity = grading::Severity::high,
    .run = run,
};

}  // namespace grader::checks::access
