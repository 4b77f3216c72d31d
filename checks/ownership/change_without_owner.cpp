#include "checks/operations.hpp"

namespace grader::checks::ownership {
namespace {

std::vector<grading::Finding> run(const Facts& facts) {
  return ask(
      facts, reached(facts, {"create", "update", "delete", "import"}),
      {&project::Operation::owner, grading::Severity::critical,
       " is not tied to the person who asks.", "Whatever is changed belongs to the requester."});
}

}  // namespace

extern constinit const Check change_without_owner{
    .title = "Somebody else's entry can be changed",
    .why =
        "A signed-in person can overwrite or delete entries that belong to others, or put entries "
        "into their accounts.",
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
