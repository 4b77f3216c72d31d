#include "checks/operations.hpp"

namespace grader::checks::views {
namespace {

std::vector<grading::Finding> run(const Facts& facts) {
  return expect_feature(facts, facts.project.features.search, "search over entries");
}

}  // namespace

extern constinit const Check search_missing{
    .title = "There is no search over entries",
    .why = "The assignment asks for it, and the application is not whole without it.",
    .fix =
        "Filter the requester's entries by title or website with icontains. See "
        "https://docs.djangoproject.com/en/stable/topics/db/search/",
    .reference = "",
    .severity = grading::Severity::high,
    .run = run,
};

}  // namespace grader::checks::views
