#include "checks/findings.hpp"

namespace grader::checks::tests {
namespace {

std::vector<grading::Finding> run(const Facts& facts) {
  const auto& tests = facts.project.tests;
  for (const auto& one : tests.cases) {
    if (!one.encryption) continue;
    return {met("A test demands that what is stored is encrypted, or comes back decrypted.",
                {code(facts, one.at, one.name)})};
  }
  if (tests.browser_encryption) {
    return {met("A test of the browser's code encrypts and decrypts back.",
                {code(facts, *tests.browser_encryption)})};
  }
  return {absent("No test compares the stored password with the typed one, or decrypts it back.",
                 grading::Severity::low)};
}

}  // namespace

extern constinit const Check encryption_untested{
    .title = "No test proves that passwords are stored encrypted",
    .why =
        "Encryption is easily lost on one path (editing, import, the API): the application works "
        "as before, and stores plain text.",
    .fix =
        "Save an entry through the view, read the row, and assert that the stored value is not "
        "the typed one and decrypts to it. See "
        "https://docs.djangoproject.com/en/stable/topics/testing/tools/",
    .reference = "CWE-311",
    .severity = grading::Severity::low,
    .run = run,
};

}  // namespace grader::checks::tests
