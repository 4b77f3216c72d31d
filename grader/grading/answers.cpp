#include "grader/grading/answers.hpp"

#include <algorithm>

namespace grader::grading {
namespace {

int rank(const Answer& answer) {
  switch (answer.outcome) {
    case Outcome::not_applicable:
      return 0;
    case Outcome::met:
      return 1;
    case Outcome::undetermined:
      return answer.cause == Cause::submission ? 3 : 2;
    case Outcome::violated:
      return 4;
  }
  return 2;
}

}  // namespace

Cause cause_of(const Finding& finding) {
  return finding.cause == Cause::submission ? Cause::submission : Cause::grader;
}

bool is_asked(const Finding& finding) {
  return finding.outcome == Outcome::violated && finding.confidence == Confidence::low;
}

Answers::Answers(const std::vector<Finding>& findings, const Rubric& rubric, const Basis& basis) {
  if (!basis.full) unasked_ = rubric.only_by_rehearsal;
  for (const auto& finding : findings) {
    if (!waits_for_rehearsal(finding.check)) by_check_[finding.check].push_back(&finding);
  }
}

Answer Answers::of(std::string_view check) const {
  if (waits_for_rehearsal(check)) return {Outcome::not_applicable, Cause::none};
  const auto& all = findings(check);
  if (all.empty()) return {Outcome::undetermined, Cause::grader};
  Answer strongest{Outcome::not_applicable, Cause::none};
  for (const auto* finding : all) {
    Answer answer{is_asked(*finding) ? Outcome::met : finding->outcome, Cause::none};
    if (answer.outcome == Outcome::undetermined) answer.cause = cause_of(*finding);
    if (rank(answer) > rank(strongest)) strongest = answer;
  }
  return strongest;
}

Answer Answers::strongest(const std::vector<std::string>& checks) const {
  Answer strongest{Outcome::not_applicable, Cause::none};
  for (const auto& check : checks) {
    if (const auto answer = of(check); rank(answer) > rank(strongest)) strongest = answer;
  }
  return strongest;
}

const std::vector<const Finding*>& Answers::findings(std::string_view check) const {
  static const std::vector<const Finding*> none;
  const auto found = by_check_.find(check);
  return found == by_check_.end() ? none : found->second;
}

bool Answers::waits_for_rehearsal(std::string_view check) const {
  return std::ranges::find(unasked_, check) != unasked_.end();
}

}  // namespace grader::grading
