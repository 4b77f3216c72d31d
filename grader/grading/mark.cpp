#include "grader/grading/mark.hpp"

#include <algorithm>

namespace grader::grading {
namespace {

/// Findings told one by one; more are counted.
constexpr std::size_t max_reasons = 5;

/// How the points of a criterion divide; what no part names is earned.
struct Split {
  Decimal lost{};
  Decimal open_submission{};
  Decimal open_grader{};
  bool applies = true;
};

Decimal rest(const Criterion& criterion, const Split& split) {
  return criterion.points - split.lost - split.open_submission - split.open_grader;
}

Split all_or_nothing(const Criterion& criterion, const Answers& answers) {
  const auto answer = answers.strongest(criterion.checks);
  switch (answer.outcome) {
    case Outcome::violated:
      return {.lost = criterion.points};
    case Outcome::undetermined:
      if (answer.cause == Cause::submission) return {.open_submission = criterion.points};
      return {.open_grader = criterion.points};
    case Outcome::not_applicable:
      return {.applies = false};
    case Outcome::met:
      break;
  }
  return {};
}

/// Findings of a criterion with a deduction. One that names a place stands for `count` of them; an
/// undetermined one about the whole submission could be any number.
struct Tally {
  std::int64_t violated = 0;
  std::int64_t by_submission = 0;
  std::int64_t by_grader = 0;
  bool all_by_submission = false;
  bool all_by_grader = false;
  bool applies = false;
};

bool has_place(const Finding& finding) {
  return !finding.evidence.empty() && !finding.evidence.front().location.path.empty();
}

void add(Tally& tally, const Finding& finding) {
  const std::int64_t count = std::max(finding.count, 1);
  tally.applies = tally.applies || finding.outcome != Outcome::not_applicable;
  if (finding.outcome == Outcome::violated && !is_asked(finding)) tally.violated += count;
  if (finding.outcome != Outcome::undetermined) return;
  const bool submission = cause_of(finding) == Cause::submission;
  if (has_place(finding)) {
    (submission ? tally.by_submission : tally.by_grader) += count;
  } else {
    (submission ? tally.all_by_submission : tally.all_by_grader) = true;
  }
}

Tally tally_of(const Criterion& criterion, const Answers& answers) {
  Tally tally;
  for (const auto& check : criterion.checks) {
    const auto& findings = answers.findings(check);
    for (const auto* finding : findings) add(tally, *finding);
    if (findings.empty() && !answers.waits_for_rehearsal(check)) {
      tally.applies = true;
      tally.all_by_grader = true;  // it was not run
    }
  }
  return tally;
}

Split deducted(const Criterion& criterion, const Deduction& deduct, const Answers& answers,
               std::int64_t lines) {
  const Tally tally = tally_of(criterion, answers);
  if (!tally.applies) return {.applies = false};
  Decimal each = deduct.each;
  const bool counted = deduct.per_lines == 0 || lines > 0;
  if (deduct.per_lines > 0 && counted) each = each * deduct.per_lines / lines;

  // Without the number of lines nobody knows what a finding costs: each could cost all.
  const auto open = [&](bool all, std::int64_t count, const Decimal& left) {
    return all || (!counted && count > 0) ? left : std::min(left, each * count);
  };
  Split split;
  if (counted) split.lost = std::min(criterion.points, each * tally.violated);
  split.open_submission =
      open(tally.all_by_submission, tally.by_submission, rest(criterion, split));
  const auto by_grader = counted ? tally.by_grader : tally.by_grader + tally.violated;
  split.open_grader = open(tally.all_by_grader, by_grader, rest(criterion, split));
  return split;
}

/// What a criterion rests on decides before its own checks: nothing is earned without it. What is
/// lost or hidden already is so whatever the dependency turns out to be.
void apply_dependencies(Split& split, const Criterion& criterion, const Answers& answers) {
  const auto answer = answers.strongest(criterion.depends_on);
  if (answer.outcome == Outcome::violated) {
    split = {.lost = criterion.points};
  } else if (answer.outcome == Outcome::undetermined) {
    split.applies = true;
    if (answer.cause == Cause::submission) {
      split.open_grader = 0;
      split.open_submission = criterion.points - split.lost;
    } else {
      split.open_grader = criterion.points - split.lost - split.open_submission;
    }
  }
}

std::string describe(const Finding& finding) {
  std::string text = has_place(finding) ? to_string(finding.evidence.front().location) + ": " : "";
  text += finding.message.empty() ? finding.check : finding.message;
  if (finding.count > 1) text += " (" + std::to_string(finding.count) + " places)";
  return text;
}

/// One line a finding of `outcome`, the first few of each check.
void tell(std::vector<std::string>& reasons, const Answers& answers, const std::string& check,
          Outcome outcome, std::string_view prefix) {
  std::size_t count = 0;
  for (const auto* finding : answers.findings(check)) {
    if (finding->outcome != outcome || ++count > max_reasons) continue;
    std::string reason(prefix);
    if (is_asked(*finding)) reason += "to be asked, costs nothing: ";
    if (outcome == Outcome::undetermined) {
      reason += cause_of(*finding) == Cause::submission
                    ? "not decided because of the submission: "
                    : "not decided by a fault of the grader's: ";
    }
    reasons.push_back(reason + describe(*finding));
  }
  if (count > max_reasons) {
    reasons.push_back(std::string(prefix) + check + ": " + std::to_string(count - max_reasons) +
                      " more");
  }
}

std::vector<std::string> reasons_of(const Criterion& criterion, const Answers& answers,
                                    const Split& split) {
  std::vector<std::string> reasons;
  for (const auto& check : criterion.depends_on) {
    constexpr std::string_view prefix = "earns nothing without this: ";
    tell(reasons, answers, check, Outcome::violated, prefix);
    tell(reasons, answers, check, Outcome::undetermined, prefix);
  }
  bool waits = false;
  for (const auto& check : criterion.checks) {
    tell(reasons, answers, check, Outcome::violated, "");
    tell(reasons, answers, check, Outcome::undetermined, "");
    waits = waits || answers.waits_for_rehearsal(check);
    if (answers.findings(check).empty() && !answers.waits_for_rehearsal(check)) {
      reasons.push_back("not decided by a fault of the grader's: " + check + " was not run");
    }
  }
  if (!split.applies) {
    reasons.emplace_back(waits ? "asked only when the application is run" : "does not apply here");
  }
  return reasons;
}

/// Nobody has marked it yet: its points are not asked for until somebody does.
Mark open_to_a_person(const Criterion& criterion, const HumanScale& human) {
  Mark mark;
  mark.criterion = criterion.id;
  mark.title = criterion.title;
  mark.maximum = mark.open_grader = criterion.points;
  mark.reasons = {"for the interviewer, 0 to " + std::to_string(human.scale) + ": " + human.ask,
                  "Junior: " + human.junior, "Middle: " + human.middle};
  return mark;
}

}  // namespace

Mark mark(const Criterion& criterion, const Answers& answers, std::int64_t lines) {
  if (criterion.human) return open_to_a_person(criterion, *criterion.human);
  Split split = criterion.deduct ? deducted(criterion, *criterion.deduct, answers, lines)
                                 : all_or_nothing(criterion, answers);
  apply_dependencies(split, criterion, answers);

  Mark mark;
  mark.criterion = criterion.id;
  mark.title = criterion.title;
  mark.maximum = criterion.points;
  mark.checks = criterion.checks;
  mark.open_grader = split.open_grader;
  mark.open_submission = split.open_submission;
  (split.applies ? mark.points : mark.left_out) = rest(criterion, split);
  mark.reasons = reasons_of(criterion, answers, split);
  return mark;
}

}  // namespace grader::grading
