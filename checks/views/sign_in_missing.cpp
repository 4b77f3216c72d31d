#include "checks/operations.hpp"

namespace grader::checks::views {
namespace {

std::vector<grading::Finding> run(const Facts& facts) {
  return expect_account_feature(facts, facts.project.features.sign_in, "sign-in",
                                &sandbox::Accounts::signed_in);
}

}  // namespace

extern constinit const Check sign_in_missing{
    .title = "There is no sign-in",
    .why = "The assignment asks for it, and the application is not whole without it.",
    .fix =
        "LoginView of django.contrib.auth does it. See "
        "https://docs.djangoproject.com/en/stable/topics/auth/default/"
        "#django.contrib.auth.views.LoginView",
    .reference = "",
    .severity = grading::Severity::high,
    .run = run,
};

}  // namespace grader::checks::views
