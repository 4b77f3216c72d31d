#include "checks/code_search.hpp"

namespace grader::checks::models {
namespace {

using python::Kind;

std::vector<grading::Finding> run(const Facts& facts) {
  const auto* model = facts.project.models.entry_model();
  if (model == nullptr) return {not_applicable("No model of entries was found.")};
  if (model->owner.kind == project::Owner::Kind::none) {
    return {not_applicable("Entries belong to nobody.")};
  }
  std::vector<grading::Finding> findings;
  for (const auto& field : model->fields) {
    const auto unique = python::evaluate(python::keyword(field.call, "unique"), nullptr);
    if (field.relation || !unique.is_true()) continue;
    // Slugs, tokens and numbers are made by the program.
    const bool made = field.type.ends_with("SlugField") || field.type.ends_with("UUIDField") ||
                      field.name.find("slug") != std::string::npos ||
                      field.name.find("token") != std::string::npos ||
                      field.name.find("id") != std::string::npos ||
                      python::keyword(field.call, "default") ||
                      python::keyword(field.call, "primary_key");
    const bool typed = field.type.ends_with("CharField") || field.type.ends_with("TextField") ||
                       field.type.ends_with("URLField") || field.type.ends_with("EmailField");
    if (made || !typed) continue;
    findings.push_back(violated(facts, field.at, field.name + " is unique among all users.",
                                grading::Severity::low));
  }
  return or_met(std::move(findings), "No column of entries is unique across users.");
}

}  // namespace

extern constinit const Check unique_across_users{
    .title = "What one user saves bars others from saving the same",
    .why =
        "The second person who wants an entry of that name gets an error, and learns that somebody "
        "else has one.",
    .fix =
        "Make it unique for each owner: UniqueConstraint(fields=[\"user\", \"title\"], …). See "
        "https://docs.djangoproject.com/en/stable/ref/models/constraints/#uniqueconstraint",
    .reference = "CWE-203",
    .severity = grading::Severity::low,
    .run = run,
};

}  // namespace grader::checks::models
