#include "checks/kept_secret.hpp"

namespace grader::checks::encryption {
namespace {

std::vector<grading::Finding> run(const Facts& facts) {
  return forgotten_paths(facts, Way::application);
}

}  // namespace

extern constinit const Check unencrypted_path{
    .title = "One way to the database forgets the encryption",
    .why =
        "The secret is encrypted where an entry is made, and stored as typed where it is edited, "
        "imported or sent to the API: the column then holds readable passwords among the "
        "encrypted ones, and decrypting them fails.",
    .fix =
        "Encrypt in one place that every write passes, such as the model's save() or a field "
        "class of its own. See "
        "https://docs.djangoproject.com/en/stable/topics/db/models/"
        "#overriding-predefined-model-methods",
    .reference = "CWE-311",
    .severity = grading::Severity::high,
    .run = run,
};

}  // namespace grader::checks::encryption
