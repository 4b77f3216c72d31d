#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "grader/grading/decimal.hpp"
#include "grader/grading/finding.hpp"

namespace grader::grading {

/// What a criterion earned and why.
struct Mark {
  std::string criterion;  ///< id, "security.encryption"
  std::string title;
  Decimal points;           ///< earned for certain
  Decimal open_grader;      ///< points that nobody could decide by our fault: left out of the total
  Decimal open_submission;  ///< points that the submission left undecidable: they earn nothing yet
  Decimal left_out;         ///< does not apply here, or only a rehearsal could tell: not asked for
  Decimal maximum;          ///< what the rubric gives; the four above never exceed it together
  std::vector<std::string> reasons;  ///< plain words, one a deduction or an undetermined check
  std::vector<std::string> checks;   ///< ids that it rests on
};

/// The criteria of one section of the rubric, and their sum.
struct SectionMark {
  std::string id;
  std::string title;
  Decimal points;
  Decimal maximum;
  std::vector<Mark> marks;
};

/// A condition over findings that limits or stops the grade. An undecided one limits `low`, and
/// also `percent` where the submission is the cause: hiding what trips a gate must not pay.
struct TrippedGate {
  std::string id;
  std::string title;          ///< plain words
  std::string effect;         ///< "cap 45", "needs a person"
  bool tripped = false;       ///< for certain
  bool undecided = false;     ///< it may be: its findings are undetermined
  Cause cause = Cause::none;  ///< whose doing it is that it is undecided
  std::vector<Finding> evidence;
};

/// One bonus or penalty that was counted.
struct LedgerEntry {
  std::string id;
  std::string title;
  Decimal points;
};

/// A range of percent that has a name; it ends where the next one starts (half-open).
struct Band {
  std::string id;
  std::string title;  ///< plain words, "Junior"
  Decimal from;       ///< first percent that belongs to it
};

/// What the rubric makes of all findings.
struct Grade {
  Decimal percent;          ///< 0 to 100 after bonus, penalties and gates
  Decimal low;              ///< if every open point were lost
  Decimal high;             ///< if every open point were earned
  std::string band;         ///< id of the band that holds low and high, or empty: needs a person
  std::string band_title;   ///< plain words, "Junior" or "needs a person"
  std::vector<Band> bands;  ///< all bands of the rubric, from 0 upwards
  bool needs_person = false;
  std::string basis;  ///< "static" or "full"
  std::vector<SectionMark> sections;
  std::vector<LedgerEntry> bonus;
  std::vector<LedgerEntry> penalties;
  std::vector<TrippedGate> gates;  ///< all gates of the rubric, tripped first
  std::string rubric_id;
  std::string rubric_version;
  std::string rubric_digest;
};

struct Rubric;

/// What the findings were made from.
struct Basis {
  bool full = false;       ///< with a rehearsal; else the static stages alone
  std::int64_t lines = 0;  ///< lines of Python that the style tools read; 0 where they did not run
};

/// Marks `findings` by `rubric`: sections, bonus, clamp, gates, band (docs/rubric.md has the
/// rules). Findings of checks that the rubric does not name have no influence; a check that it
/// names and that has no finding counts as undetermined by our fault.
Grade grade(const std::vector<Finding>& findings, const Rubric& rubric, const Basis& basis);

}  // namespace grader::grading
