#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "grader/grading/finding.hpp"
#include "grader/grading/grade.hpp"
#include "grader/grading/rubric.hpp"

namespace grader::grading {

/// The one answer of a check.
struct Answer {
  Outcome outcome = Outcome::undetermined;
  Cause cause = Cause::none;  ///< of `undetermined`: the submission's before ours
};

/// Findings by check, as this basis lets a rubric ask for them: a check that only a rehearsal can
/// answer is not applicable without one.
class Answers {
 public:
  /// Keeps pointers into `findings`.
  Answers(const std::vector<Finding>& findings, const Rubric& rubric, const Basis& basis);

  /// What all findings of this check say together.
  Answer of(std::string_view check) const;

  /// The strongest answer of several: violated before undetermined (by the submission before by us)
  /// before met before not applicable.
  Answer strongest(const std::vector<std::string>& checks) const;

  /// Findings of a check; none where only a rehearsal could have made them.
  const std::vector<const Finding*>& findings(std::string_view check) const;

  /// True where only a rehearsal can answer it and there was none.
  bool waits_for_rehearsal(std::string_view check) const;

 private:
  std::map<std::string, std::vector<const Finding*>, std::less<>> by_check_;
  std::vector<std::string> unasked_;
};

/// Whose doing an undetermined finding is: one without a cause is a fault of ours.
Cause cause_of(const Finding& finding);

/// True of a violation that is asked of the candidate and costs nothing: one of low confidence.
bool is_asked(const Finding& finding);

}  // namespace grader::grading
