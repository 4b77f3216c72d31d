#include "checks/operations.hpp"

namespace grader::checks::bonus {
namespace {

std::vector<grading::Finding> run(const Facts& facts) {
  return offer(facts, facts.project.features.docker, "a Docker set-up");
}

}  // namespace

extern constinit const Check docker{
    .title = "There is a Docker set-up",
    .why = "It goes beyond what the assignment asks for and earns bonus points where it is there.",
    .fix = "Nothing to mend: this is optional, and its absence costs nothing in the grade.",
    .reference = "",
    .severity = grading::Severity::info,
    .run = run,
};

}  // namespace grader::checks::bonus
