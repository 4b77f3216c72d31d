#include "checks/findings.hpp"

namespace grader::checks::models {
namespace {

std::vector<grading::Finding> run(const Facts& facts) {
  const auto* entry = facts.project.models.entry_model();
  if (entry != nullptr) {
    return {met("Entries are rows of " + entry->name + ", their secret is " +
                    facts.project.models.secret_field + ".",
                {code(facts, entry->at)})};
  }
  if (facts.project.program.modules().empty()) {
    return {absent("There is no Python code.", grading::Severity::critical)};
  }
  return {absent("No model with a field for a password of an entry was found.",
                 grading::Severity::critical)};
}

}  // namespace

extern constinit const Check no_entry_model{
    .title = "There is no model for the entries",
    .why = "Without a model for entries there is no password manager to grade.",
    .fix =
        "Write a model with title, website, username, the encrypted password and a key to the "
        "user. See https://docs.djangoproject.com/en/stable/topics/db/models/",
    .reference = "",
    .severity = grading::Severity::critical,
    .run = run,
};

}  // namespace grader::checks::models
