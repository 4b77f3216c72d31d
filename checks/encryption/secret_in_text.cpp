#include "checks/code_search.hpp"

namespace grader::checks::encryption {
namespace {

using python::Field;
using python::Kind;
using python::Node;

std::vector<grading::Finding> run(const Facts& facts) {
  const auto* model = facts.project.models.entry_model();
  if (model == nullptr) return {not_applicable("No model of entries was found.")};
  if (!shows_secret(facts)) return {met("What the column holds cannot be read.")};
  std::vector<grading::Finding> findings;
  for (const auto* name : {"__str__", "__repr__", "__unicode__"}) {
    const Node own = facts.project.program.attribute(model->definition, name);
    for (const Node node : own.child(Field::body).descendants()) {
      if (!node.is(Kind::attribute) || node.child(Field::object).text() != "self") continue;
      if (node.child(Field::attribute).text() != facts.project.models.secret_field) continue;
      if (length_only(node)) continue;
      findings.push_back(violated(facts, line_of(node),
                                  std::string(name) + "() of an entry holds its secret.",
                                  grading::Severity::medium));
    }
  }
  return or_met(std::move(findings), "The text of an entry does not hold its secret.");
}

}  // namespace

extern constinit const Check secret_in_text{
    .title = "The text of a row shows its secret",
    .why =
        "The admin site, logs and error pages show rows by their text, and with it the password.",
    .fix =
        "Let __str__() name the entry by its title. See "
        "https://docs.djangoproject.com/en/stable/ref/models/instances/#str",
    .reference = "CWE-200",
    .severity = grading::Severity::medium,
    .run = run,
};

}  // namespace grader::checks::encryption
