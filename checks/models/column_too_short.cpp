#include "checks/code_search.hpp"

namespace grader::checks::models {
namespace {

/// A Fernet token of 15 bytes of text or fewer, in base64.
constexpr std::int64_t shortest_token = 100;

std::vector<grading::Finding> run(const Facts& facts) {
  const auto* model = facts.project.models.entry_model();
  const auto& secrets = facts.project.secrets;
  if (model == nullptr || secrets.algorithm.find("Fernet") == std::string::npos) {
    return {not_applicable("Entries are not kept as Fernet tokens.")};
  }
  const auto* field = model->field(facts.project.models.secret_field);
  if (field == nullptr || !field->type.ends_with("CharField") || field->encrypted_type) {
    return {met("The column of the secret has no fixed length.")};
  }
  const auto length =
      python::evaluate(python::keyword(field->call, "max_length"), &facts.project.program);
  if (length.type != python::Value::Type::integer || length.number >= shortest_token) {
    return {met("The column of the secret holds its ciphertext.")};
  }
  return {violated(facts, field->at,
                   "The column takes " + std::to_string(length.number) +
                       " characters; the shortest Fernet token has 100.",
                   grading::Severity::medium)};
}

}  // namespace

extern constinit const Check column_too_short{
    .title = "The column of the secret is shorter than its ciphertext",
    .why =
        "PostgreSQL and MySQL refuse longer passwords with an error, SQLite keeps them and hides "
        "the fault until the move.",
    .fix =
        "Use a TextField: a Fernet token takes 100 bytes for up to 15 bytes of text, and 4/3 of "
        "the length more. See "
        "https://docs.djangoproject.com/en/stable/ref/models/fields/#textfield",
    .reference = "CWE-131",
    .severity = grading::Severity::medium,
    .run = run,
};

}  // namespace grader::checks::models
