#include "checks/operations.hpp"

namespace grader::checks::ownership {
namespace {

std::vector<grading::Finding> run(const Facts& facts) {
  return ask(
      facts, reached(facts, {"detail", "reveal", "share"}),
      {&project::Operation::owner, grading::Severity::critical,
       " gives any entry to whoever knows its number: nothing ties it to the person who asks.",
       "Every entry is looked up among the requester's own."});
}

}  // namespace

extern constinit const Check lookup_without_owner{
    .title = "An entry is looked up without its owner",
    .why =
        "Another signed-in person who changes a number in the address reaches passwords that are "
        "not theirs.",
    .fix =
        "Take the row only from the requester's own rows: get_object_or_404(Entry, pk=pk, "
        "user=request.user), or filter get_queryset() by self.request.user. See "
        "https://docs.djangoproject.com/en/stable/topics/db/queries/"
        "#retrieving-specific-objects-with-filters",
    .reference = "CWE-639",
    .severity = grading::Severity::critical,
    .run = run,
};

}  // namespace grader::checks::ownership
