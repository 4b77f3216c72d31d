#include "checks/operations.hpp"

namespace grader::checks::views {
namespace {

std::vector<grading::Finding> run(const Facts& facts) {
  return expect_operation(facts, {"update"}, "view that changes entries");
}

}  // namespace

extern constinit const Check update_missing{
    .title = "There is no view that changes entries",
    .why = "The assignment asks for it, and the application is not whole without it.",
    .fix =
        "Write the view, its template or serializer, and its route. See "
        "https://docs.djangoproject.com/en/stable/topics/class-based-views/generic-editing/",
    .reference = "",
    .severity = grading::Severity::high,
    .run = run,
};

}  // namespace grader::checks::views
