#include "grader/grading/grade.hpp"

#include <algorithm>
#include <array>

#include "grader/base/text.hpp"
#include "grader/grading/answers.hpp"
#include "grader/grading/mark.hpp"
#include "grader/grading/override.hpp"
#include "grader/grading/rubric.hpp"

namespace grader::grading {
namespace {

const Decimal hundred = 100;

/// The three figures of a grade on their way from points to percent.
struct Score {
  Decimal percent{};
  Decimal low{};
  Decimal high{};
};

std::vector<SectionMark> mark_sections(const Rubric& rubric, const Answers& answers,
                                       std::int64_t lines) {
  std::vector<SectionMark> sections;
  for (const auto& section : rubric.sections) {
    SectionMark result{section.id, section.title, {}, section.points, {}};
    for (const auto& criterion : section.criteria) {
      result.marks.push_back(mark(criterion, answers, lines));
      result.points += result.marks.back().points;
    }
    sections.push_back(std::move(result));
  }
  return sections;
}

/// Points to percent. Where nothing at all could be asked or decided, anything is possible.
Score score_of(const std::vector<SectionMark>& sections) {
  Decimal asked;
  Decimal earned;
  Decimal by_grader;
  Decimal by_submission;
  for (const auto& section : sections) {
    for (const auto& mark : section.marks) {
      asked += mark.maximum - mark.left_out;
      earned += mark.points;
      by_grader += mark.open_grader;
      by_submission += mark.open_submission;
    }
  }
  if (asked == 0) return {0, 0, hundred};
  const Decimal decided = asked - by_grader;
  return {.percent = decided == 0 ? Decimal() : hundred * earned / decided,
          .low = hundred * earned / asked,
          .high = hundred * (earned + by_grader + by_submission) / asked};
}

/// Adds what is met to all three figures and what is undetermined to `high`.
std::vector<LedgerEntry> add_bonus(Score& score, const Rubric& rubric, const Answers& answers) {
  std::vector<LedgerEntry> entries;
  Decimal earned;
  Decimal possible;
  for (const auto& item : rubric.bonus) {
    const auto outcome = answers.of(item.check).outcome;
    if (outcome == Outcome::met || outcome == Outcome::undetermined) possible += item.points;
    if (outcome != Outcome::met) continue;
    const Decimal points = std::min(item.points, rubric.bonus_at_most - earned);
    if (points > 0) entries.push_back({item.id, item.title, points});
    earned += points;
  }
  score.percent = std::min(hundred, score.percent + earned);
  score.low = std::min(hundred, score.low + earned);
  score.high = std::min(hundred, score.high + std::min(possible, rubric.bonus_at_most));
  return entries;
}

std::string effect_of(const Gate& gate) {
  std::string effect = gate.cap ? "at most " + to_string(*gate.cap) + " %" : "";
  if (gate.needs_person) effect += effect.empty() ? "needs a person" : ", needs a person";
  return effect;
}

TrippedGate judge(const Gate& gate, const Answers& answers) {
  const auto answer = answers.strongest(gate.violated);
  TrippedGate result;
  result.id = gate.id;
  result.title = gate.title;
  result.effect = effect_of(gate);
  result.tripped = answer.outcome == Outcome::violated;
  result.undecided = answer.outcome == Outcome::undetermined;
  result.cause = answer.cause;
  if (!result.tripped && !result.undecided) return result;
  for (const auto& check : gate.violated) {
    for (const auto* finding : answers.findings(check)) {
      if (finding->outcome == answer.outcome) result.evidence.push_back(*finding);
    }
  }
  return result;
}

void apply(Score& score, const Gate& gate, const TrippedGate& judged) {
  if (!gate.cap || (!judged.tripped && !judged.undecided)) return;
  const bool hidden = judged.undecided && judged.cause == Cause::submission;
  score.low = std::min(score.low, *gate.cap);
  if (judged.tripped || hidden) score.percent = std::min(score.percent, *gate.cap);
  if (judged.tripped) score.high = std::min(score.high, *gate.cap);
}

const Band* band_of(const std::vector<Band>& bands, const Decimal& percent) {
  const Band* found = nullptr;
  for (const auto& band : bands) {
    if (band.from <= percent) found = &band;
  }
  return found;
}

void name_band(Grade& grade) {
  const Band* low = band_of(grade.bands, grade.low);
  if (low != nullptr && low == band_of(grade.bands, grade.high)) {
    grade.band = low->id;
    grade.band_title = low->title;
  } else {
    grade.band_title = "needs a person";
    grade.needs_person = true;
  }
}

Grade finished(std::vector<SectionMark> sections, const Rubric& rubric, const Answers& answers,
               const Basis& basis) {
  Grade grade;
  grade.basis = basis.full ? "full" : "static";
  grade.rubric_id = rubric.id;
  grade.rubric_version = rubric.version;
  grade.rubric_digest = rubric.digest;
  grade.bands = rubric.bands;
  grade.sections = std::move(sections);

  Score score = score_of(grade.sections);
  grade.bonus = add_bonus(score, rubric, answers);
  for (const auto& gate : rubric.gates) {
    const auto judged = judge(gate, answers);
    apply(score, gate, judged);
    grade.needs_person =
        grade.needs_person || (gate.needs_person && (judged.tripped || judged.undecided));
    grade.gates.push_back(judged);
  }
  std::ranges::stable_sort(grade.gates, std::ranges::greater{}, [](const TrippedGate& gate) {
    return std::array{gate.tripped, gate.undecided};
  });
  grade.percent = score.percent;
  grade.low = score.low;
  grade.high = score.high;
  name_band(grade);
  return grade;
}

/// What is wrong with an override for this mark, or nothing.
std::string mistake_of(const Override& one, const Mark& mark) {
  if (one.by.find_first_not_of(" \t\n") == std::string::npos) return "an override names a person";
  if (one.why.find_first_not_of(" \t\n") == std::string::npos) return "an override gives a reason";
  if (one.points > mark.maximum) {
    return one.criterion + " has " + to_string(mark.maximum) + " points, not " +
           to_string(one.points);
  }
  return {};
}

void overrule(SectionMark& section, Mark& mark, const Override& one) {
  std::string old = to_string(mark.points);
  if (mark.open_grader + mark.open_submission > 0) old += " and open points";
  section.points += one.points - mark.points;
  mark.reasons.insert(mark.reasons.begin(),
                      "overruled by " + one.by + ", " + old + " before: " + one.why);
  mark.points = one.points;
  mark.open_grader = mark.open_submission = mark.left_out = Decimal();
}

}  // namespace

Grade grade(const std::vector<Finding>& findings, const Rubric& rubric, const Basis& basis) {
  const Answers answers(findings, rubric, basis);
  return finished(mark_sections(rubric, answers, basis.lines), rubric, answers, basis);
}

Result<Grade> overruled(const std::vector<Finding>& findings, const Rubric& rubric,
                        const Basis& basis, const std::vector<Override>& overrides) {
  const Answers answers(findings, rubric, basis);
  auto sections = mark_sections(rubric, answers, basis.lines);
  std::vector<std::string> done;
  std::vector<std::string> known;
  for (const auto& one : overrides) {
    if (std::ranges::find(done, one.criterion) != done.end()) {
      return fail(ErrorKind::usage, "two overrides of " + one.criterion + " contradict each other");
    }
    known.clear();
    for (auto& section : sections) {
      for (auto& mark : section.marks) {
        known.push_back(mark.criterion);
        if (mark.criterion != one.criterion) continue;
        if (auto mistake = mistake_of(one, mark); !mistake.empty()) {
          return fail(ErrorKind::usage, std::move(mistake));
        }
        overrule(section, mark, one);
        done.push_back(one.criterion);
      }
    }
    if (done.empty() || done.back() != one.criterion) {
      const auto near = text::nearest(one.criterion, known);
      return fail(ErrorKind::usage, "there is no criterion " + one.criterion, {},
                  near ? "did you mean " + *near + "?" : "report.json names them in sections");
    }
  }
  return finished(std::move(sections), rubric, answers, basis);
}

}  // namespace grader::grading
