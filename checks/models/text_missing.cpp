#include "checks/code_search.hpp"

namespace grader::checks::models {
namespace {

std::vector<grading::Finding> run(const Facts& facts) {
  const auto* model = facts.project.models.entry_model();
  if (model == nullptr) return {not_applicable("No model of entries was found.")};
  for (const auto* name : {"__str__", "__unicode__"}) {
    if (facts.project.program.attribute(model->definition, name)) {
      return {met("The model of entries has a text.")};
    }
  }
  for (const auto& base : facts.project.program.linearised(model->definition)) {
    const bool own = base.is_class() || base.name == "django.db.models.Model" ||
                     base.name == "object" || base.name == "builtins.object";
    if (!own) return {met("A base class from outside may give it a text.")};
  }
  return {violated(facts, {model->at.path, model->at.line, 0, 0},
                   "The model of entries has no __str__().", grading::Severity::low)};
}

}  // namespace

extern constinit const Check text_missing{
    .title = "Entries have no text of their own",
    .why =
        "The admin site and every list of choices show «Entry object (1)», so that nobody can tell "
        "rows apart.",
    .fix =
        "Give the model a __str__() that names the entry. See "
        "https://docs.djangoproject.com/en/stable/ref/models/instances/#str",
    .reference = "",
    .severity = grading::Severity::low,
    .run = run,
};

}  // namespace grader::checks::models
