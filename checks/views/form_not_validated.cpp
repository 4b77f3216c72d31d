#include "checks/code_search.hpp"

namespace grader::checks::views {
namespace {

using python::Field;
using python::Kind;
using python::Node;

/// The name that a bound form is given in this function: form = EntryForm(request.POST).
std::string_view bound_form(const Facts& facts, Node assignment) {
  const Node call = assignment.child(Field::right);
  const Node left = assignment.child(Field::left);
  if (!call.is(Kind::call) || !left.is(Kind::identifier)) return {};
  const auto type = facts.project.program.resolve(python::callee(call));
  const Node data = python::argument(call, "data", 0);
  if (!type.is_class() || data.text() != "request.POST") return {};
  for (const auto& base : facts.project.program.linearised(type.definition)) {
    if (!base.is_class() && base.name.starts_with("django.") && base.name.ends_with("Form")) {
      return left.text();
    }
  }
  return {};
}

std::vector<grading::Finding> run(const Facts& facts) {
  std::vector<grading::Finding> findings;
  each_node(facts, Kind::assignment, "request.POST", [&](Node node) {
    const auto name = bound_form(facts, node);
    const Node function = node.enclosing(Kind::function_definition);
    if (name.empty() || !function) return;
    bool used = false;
    for (const Node inner : function.descendants()) {
      if (inner.is(Kind::identifier) && inner.text() == name) {
        const Node attribute = inner.parent().child(Field::attribute);
        const auto what = attribute.text();
        // full_clean() and errors validate as well; a helper may.
        if (what == "is_valid" || what == "errors" || what == "full_clean") return;
        if (inner.parent().is(Kind::argument_list)) {
          const auto callee = python::dotted(python::callee(inner.parent().parent()));
          if (callee != "render") return;
        }
        used = used || what == "save" || what == "data" || what == "cleaned_data";
      }
    }
    if (!used) return;
    findings.push_back(violated(facts, line_of(node),
                                std::string(name) + " is used without is_valid().",
                                grading::Severity::medium));
  });
  return or_met(std::move(findings), "Every bound form is validated before it is used.");
}

}  // namespace

extern constinit const Check form_not_validated{
    .title = "A form is used without asking whether it is valid",
    .why =
        "Nothing that the form would refuse is refused: lengths, formats, passwords that are too "
        "weak.",
    .fix =
        "Call form.is_valid() and use cleaned_data. See "
        "https://docs.djangoproject.com/en/stable/ref/forms/validation/",
    .reference = "CWE-20",
    .severity = grading::Severity::medium,
    .run = run,
};

}  // namespace grader::checks::views
