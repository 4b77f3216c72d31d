#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "grader/base/result.hpp"
#include "grader/grading/decimal.hpp"
#include "grader/grading/grade.hpp"

namespace grader::grading {

/// Each violated finding costs `each` points, up to all points of its criterion.
struct Deduction {
  Decimal each;
  std::int64_t per_lines = 0;  ///< 0: a finding costs `each`; else so many findings a lines of code
};

/// What only a person can mark, and by which scale.
struct HumanScale {
  int scale = 4;  ///< 0 to this
  std::string ask;
  std::string junior;  ///< what stands for a junior
  std::string middle;
};

/// One subject that earns points.
struct Criterion {
  std::string id;  ///< with its section: "security.encryption"
  std::string title;
  Decimal points;
  std::vector<std::string> checks;      ///< ids; without a deduction all of them must be met
  std::optional<Deduction> deduct;      ///< how findings reduce the points, in place of all or none
  std::vector<std::string> depends_on;  ///< ids of checks that must be met before it earns anything
  std::optional<HumanScale> human = {};  ///< in place of checks: open until a person marks it
};

/// Criteria that share a heading and a sum of points.
struct Section {
  std::string id;
  std::string title;
  Decimal points;
  std::vector<Criterion> criteria;
};

/// Something good that nobody asked for: earned where its check is met.
struct BonusItem {
  std::string id;
  std::string title;
  Decimal points;
  std::string check;
};

/// Limits the grade, or calls for a person, where one of these checks is violated.
struct Gate {
  std::string id;
  std::string title;
  std::vector<std::string> violated;
  std::optional<Decimal> cap;  ///< percent
  bool needs_person = false;
};

/// What findings are marked by.
struct Rubric {
  std::string id;
  std::string version;
  std::string title;
  std::string digest;  ///< SHA-256 of the effective content: comments and layout do not change it
  std::vector<Band> bands;
  std::vector<Section> sections;
  Decimal bonus_at_most;
  std::vector<BonusItem> bonus;
  std::vector<Gate> gates;
  std::vector<std::string> only_by_rehearsal;  ///< checks that are not asked in a static grading
};

/// One mistake in a rubric file.
struct RubricProblem {
  std::string file;
  int line = 0;  ///< from 1; 0 where the file could not be read at all
  int column = 0;
  std::string source_line;  ///< text of that line
  std::string what;         ///< one sentence, no trailing full stop
  std::string hint;         ///< the next step, or empty
};

/// A rubric, or everything that is wrong with it (then `rubric` is empty).
struct RubricReading {
  std::optional<Rubric> rubric;
  std::vector<RubricProblem> problems;
};

/// Bytes of a rubric file by its path.
using RubricSource = std::function<Result<std::string>(const std::string& path)>;

/// Reads regular files of at most 1 MiB.
Result<std::string> read_rubric_file(const std::string& path);

/// Reads the rubric at `path` and what it extends, and finds every mistake in it. `known_checks`
/// are the ids that a rubric may name.
RubricReading read_rubric(const std::string& path, const std::vector<std::string>& known_checks,
                          const RubricSource& source = read_rubric_file);

/// The same for who only needs the rubric: an Error of kind `rubric` tells all mistakes.
Result<Rubric> load_rubric(const std::string& path, const std::vector<std::string>& known_checks,
                           const RubricSource& source = read_rubric_file);

/// "file:line:column: what", the source line with a caret, and the hint.
std::string to_string(const RubricProblem& problem);

}  // namespace grader::grading
