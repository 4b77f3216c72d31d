#include "checks/operations.hpp"

namespace grader::checks::access {
namespace {

std::vector<grading::Finding> run(const Facts& facts) {
  return ask(facts, reached(facts, {}),
             {&project::Operation::login, grading::Severity::high,
              " can be reached without signing in.", "Every page for entries asks for a login."});
}

}  // namespace

extern constinit const Check view_without_login{
    .title = "A page for entries needs no login",
    .why = "People who never signed in reach a page that only users should reach.",
    .fix =
        "Put @login_required on the function or LoginRequiredMixin first among the class's bases; "
        "in DRF set permission_classes = [IsAuthenticated]. See "
        "https://docs.djangoproject.com/en/stable/topics/auth/default/"
        "#limiting-access-to-logged-in-users",
    .reference = "CWE-306",
    .severity = grading::Severity::high,
    .run = run,
};

}  // namespace grader::checks::access
