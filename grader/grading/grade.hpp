#pragma once

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
  Decimal maximum;
  std::vector<std::string> reasons;  ///< plain words, one a deduction or an undetermined check
  std::vector<std::string> checks;   ///< ids that it rests on
};

struct SectionMark {
  std::string id;
  std::string title;
  Decimal points;
  Decimal maximum;
  std::vector<Mark> marks;
};

/// A condition over findings that limits or stops the grade.
struct TrippedGate {
  std::string id;
  std::string title;       ///< plain words
  std::string effect;      ///< "cap 45", "needs a person"
  bool tripped = false;    ///< for certain
  bool undecided = false;  ///< it may be: its findings are undetermined
  std::vector<Finding> evidence;
};

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

}  // namespace grader::grading
