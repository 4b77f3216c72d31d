#include <map>

#include "checks/code_search.hpp"

namespace grader::checks::style {
namespace {

using python::Field;
using python::Kind;
using python::Node;

/// Decorated ones may belong together: @property and its setter, @overload, @register.
bool is_plain(Node definition) { return python::decorators(definition).empty(); }

void look_into(const Facts& facts, Node body, std::vector<grading::Finding>& findings) {
  std::map<std::string_view, Node> seen;
  for (const Node statement : body.children()) {
    const Node definition = python::undecorated(statement);
    const bool defines =
        definition.is(Kind::function_definition) || definition.is(Kind::class_definition);
    if (!defines) continue;
    const auto name = python::definition_name(definition);
    const auto earlier = seen.find(name);
    const bool method = body.is(Kind::block);
    if (earlier != seen.end() && name != "_" && (!method || is_plain(definition))) {
      findings.push_back(violated(facts, line_of(definition),
                                  std::string(name) + " was defined before in line " +
                                      std::to_string(earlier->second.line()) + ".",
                                  grading::Severity::low));
    }
    seen[name] = definition;
  }
}

std::vector<grading::Finding> run(const Facts& facts) {
  std::vector<grading::Finding> findings;
  for (const auto& module : facts.project.program.modules()) {
    if (is_aside(module.path())) continue;
    look_into(facts, module.root(), findings);
  }
  each_node(facts, Kind::class_definition, "class",
            [&](Node definition) { look_into(facts, definition.child(Field::body), findings); });
  return or_met(std::move(findings), "No definition replaces another.");
}

}  // namespace

extern constinit const Check definition_replaced{
    .title = "A function or class is defined twice, and the first is lost",
    .why =
        "The second definition silently takes the place of the first: code that looks alive never "
        "runs.",
    .fix =
        "Delete one of the two or give it its own name. See "
        "https://docs.astral.sh/ruff/rules/redefined-while-unused/",
    .reference = "CWE-561",
    .severity = grading::Severity::low,
    .run = run,
};

}  // namespace grader::checks::style
