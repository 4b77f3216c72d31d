#include "checks/operations.hpp"

namespace grader::checks::ownership {
namespace {

std::vector<grading::Finding> run(const Facts& facts) {
  return ask(
      facts, reached(facts, {"list", "search", "export"}),
      {&project::Operation::owner, grading::Severity::critical, " shows the entries of all users.",
       "Every list, search and export starts from the requester's own entries."});
}

}  // namespace

extern constinit const Check unscoped_list{
    .title = "A list shows everybody's entries",
    .why = "Whoever opens the page sees the entries of all users.",
    .fix =
        "Start every list from the requester: Entry.objects.filter(user=request.user). See "
        "https://docs.djangoproject.com/en/stable/topics/db/queries/"
        "#retrieving-specific-objects-with-filters",
    .reference = "CWE-639",
    .severity = grading::Severity::critical,
    .run = run,
};

}  // namespace grader::checks::ownership
