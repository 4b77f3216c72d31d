#include <nlohmann/json.hpp>

#include "grader/report/read_values.hpp"

namespace grader::report::json {
namespace {

std::vector<grading::LedgerEntry> read_ledger(const Json& list) {
  std::vector<grading::LedgerEntry> result;
  for (const auto* item : elements(list)) {
    result.push_back({text_at(*item, "id"), text_at(*item, "title"), decimal_at(*item, "points")});
  }
  return result;
}

grading::Mark read_mark(const Json& item) {
  grading::Mark mark;
  mark.criterion = text_at(item, "id");
  mark.title = text_at(item, "title");
  mark.points = decimal_at(item, "points");
  mark.open_grader = decimal_at(item, "open_grader");
  mark.open_submission = decimal_at(item, "open_submission");
  mark.left_out = decimal_at(item, "left_out");
  mark.maximum = decimal_at(item, "maximum");
  mark.reasons = strings_at(item, "reasons");
  mark.checks = strings_at(item, "checks");
  return mark;
}

grading::SectionMark read_section(const Json& item) {
  grading::SectionMark section;
  section.id = text_at(item, "id");
  section.title = text_at(item, "title");
  section.points = decimal_at(item, "points");
  section.maximum = decimal_at(item, "maximum");
  for (const auto* one : elements(member(item, "criteria"))) {
    section.marks.push_back(read_mark(*one));
  }
  return section;
}

grading::TrippedGate read_gate(const Json& item) {
  grading::TrippedGate gate;
  gate.id = text_at(item, "id");
  gate.title = text_at(item, "title");
  gate.effect = text_at(item, "effect");
  gate.tripped = flag_at(item, "tripped");
  gate.undecided = flag_at(item, "undecided");
  const auto cause = text_at(item, "cause");
  if (cause == "grader") gate.cause = grading::Cause::grader;
  if (cause == "submission") gate.cause = grading::Cause::submission;
  read_findings(member(item, "evidence"), gate.evidence);
  return gate;
}

}  // namespace

grading::Grade read_grade(const Json& document) {
  const Json& score = member(document, "score");
  const Json& rubric = member(document, "rubric");
  grading::Grade grade;
  grade.percent = decimal_at(score, "percent");
  grade.low = decimal_at(score, "low");
  grade.high = decimal_at(score, "high");
  grade.band = text_at(score, "band");
  grade.band_title = text_at(score, "band_title");
  grade.needs_person = flag_at(score, "needs_person");
  grade.basis = text_at(score, "basis");
  grade.bonus = read_ledger(member(score, "bonus"));
  grade.penalties = read_ledger(member(score, "penalties"));
  grade.rubric_id = text_at(rubric, "id");
  grade.rubric_version = text_at(rubric, "version");
  grade.rubric_digest = text_at(rubric, "digest");
  for (const auto* band : elements(member(rubric, "bands"))) {
    grade.bands.push_back(
        {text_at(*band, "id"), text_at(*band, "title"), decimal_at(*band, "from")});
  }
  for (const auto* item : elements(member(document, "sections"))) {
    grade.sections.push_back(read_section(*item));
  }
  for (const auto* item : elements(member(document, "gates"))) {
    grade.gates.push_back(read_gate(*item));
  }
  return grade;
}

}  // namespace grader::report::json
