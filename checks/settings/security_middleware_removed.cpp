#include "checks/code_search.hpp"

namespace grader::checks::settings {
namespace {

std::vector<grading::Finding> run(const Facts& facts) {
  return without_middleware(facts, "django.middleware.security.SecurityMiddleware",
                            grading::Severity::low);
}

}  // namespace

extern constinit const Check security_middleware_removed{
    .title = "The security middleware is removed",
    .why =
        "HTTPS redirects, HSTS and the headers that keep browsers from guessing types are gone "
        "with it.",
    .fix =
        "Put SecurityMiddleware back, as the first of MIDDLEWARE. See "
        "https://docs.djangoproject.com/en/stable/ref/middleware/"
        "#module-django.middleware.security",
    .reference = "CWE-693",
    .severity = grading::Severity::low,
    .run = run,
};

}  // namespace grader::checks::settings
