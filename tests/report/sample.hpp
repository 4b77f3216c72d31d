#pragma once

#include <functional>

#include "grader/report/report.hpp"

namespace grader::report::sample {

/// A submission as candidates write them: it runs, it encrypts, and its export leaks everybody's
/// entries. Every part of a report is filled in.
Report middling();

/// Nothing but a README, graded without running anything.
Report bare();

/// It does not start, and what cannot be decided spans two bands: a person has to decide.
Report unsettled();

/// `middling()` with an attack in every name, message, file and setting that text of a submission
/// can reach.
Report hostile();

/// The attacks that hostile() deals out.
const std::vector<std::string>& attacks();

// The parts of middling().
std::vector<grading::Finding> findings();
std::vector<RuleText> rules();
std::vector<submission::Commit> commits();
sandbox::Rehearsal rehearsal();
grading::Grade grade(const std::vector<grading::Finding>& findings);
grading::Profile profile();
dossier::Dossier dossier();

}  // namespace grader::report::sample
