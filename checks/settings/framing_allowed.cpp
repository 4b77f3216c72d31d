#include "checks/code_search.hpp"

namespace grader::checks::settings {
namespace {

std::vector<grading::Finding> run(const Facts& facts) {
  return without_middleware(facts, "django.middleware.clickjacking.XFrameOptionsMiddleware",
                            grading::Severity::low);
}

}  // namespace

extern constinit const Check framing_allowed{
    .title = "Other sites may show this one in a frame",
    .why =
        "A page that lies over the framed one can lead clicks to its buttons: delete, share, "
        "reveal.",
    .fix =
        "Put XFrameOptionsMiddleware back into MIDDLEWARE. See "
        "https://docs.djangoproject.com/en/stable/ref/clickjacking/",
    .reference = "CWE-1021",
    .severity = grading::Severity::low,
    .run = run,
};

}  // namespace grader::checks::settings
