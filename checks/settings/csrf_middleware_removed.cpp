#include "checks/code_search.hpp"

namespace grader::checks::settings {
namespace {

std::vector<grading::Finding> run(const Facts& facts) {
  return without_middleware(facts, "django.middleware.csrf.CsrfViewMiddleware",
                            grading::Severity::high);
}

}  // namespace

extern constinit const Check csrf_middleware_removed{
    .title = "The protection against forged requests is removed",
    .why = "Any page on the web can make a visitor change or delete entries without knowing it.",
    .fix =
        "Put CsrfViewMiddleware back into MIDDLEWARE. See "
        "https://docs.djangoproject.com/en/stable/ref/csrf/",
    .reference = "CWE-352",
    .severity = grading::Severity::high,
    .run = run,
};

}  // namespace grader::checks::settings
