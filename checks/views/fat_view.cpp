#include "checks/code_search.hpp"

namespace grader::checks::views {
namespace {

using python::Field;
using python::Kind;
using python::Node;

constexpr int longest = 80;

std::vector<grading::Finding> run(const Facts& facts) {
  std::vector<grading::Finding> findings;
  for (const auto& view : facts.project.views.all) {
    if (view.kind != project::View::Kind::function || view.routes.empty()) continue;
    const Node body = view.definition.child(Field::body);
    const int lines = body ? body.end_line() - body.line() + 1 : 0;
    if (lines <= longest) continue;
    findings.push_back(violated(facts, {view.at.path, view.at.line, 0, 0},
                                view.name + " has " + std::to_string(lines) + " lines.",
                                grading::Severity::low));
  }
  return or_met(std::move(findings), "No view function is longer than 80 lines.");
}

}  // namespace

extern constinit const Check fat_view{
    .title = "A view does the work of several",
    .why =
        "What a function of this length does cannot be seen at a glance, nor tested piece by "
        "piece.",
    .fix =
        "Move rules into forms, models and functions of their own. See "
        "https://docs.djangoproject.com/en/stable/misc/design-philosophies/",
    .reference = "",
    .severity = grading::Severity::low,
    .run = run,
};

}  // namespace grader::checks::views
