#include "checks/operations.hpp"

namespace grader::checks::views {
namespace {

std::vector<grading::Finding> run(const Facts& facts) {
  return expect_account_feature(facts, facts.project.features.registration, "registration",
                                &sandbox::Accounts::registered);
}

}  // namespace

extern constinit const Check registration_missing{
    .title = "There is no registration",
    .why = "The assignment asks for it, and the application is not whole without it.",
    .fix =
        "UserCreationForm in a view of your own does most of it. See "
        "https://docs.djangoproject.com/en/stable/topics/auth/default/"
        "#django.contrib.auth.forms.UserCreationForm",
    .reference = "",
    .severity = grading::Severity::high,
    .run = run,
};

}  // namespace grader::checks::views
