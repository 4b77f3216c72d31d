#include "checks/operations.hpp"

namespace grader::checks::bonus {
namespace {

std::vector<grading::Finding> run(const Facts& facts) {
  const auto& features = facts.project.features;
  return offer(facts, features.export_ ? features.export_ : features.import_,
               "an export or import of entries");
}

}  // namespace

extern constinit const Check export_import{
    .title = "There is export or import of entries",
    .why = "It goes beyond what the assignment asks for and earns bonus points where it is there.",
    .fix = "Nothing to mend: this is optional, and its absence costs nothing in the grade.",
    .reference = "",
    .severity = grading::Severity::info,
    .run = run,
};

}  // namespace grader::checks::bonus
