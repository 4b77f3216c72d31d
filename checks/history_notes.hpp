#pragma once

#include <string>
#include <vector>

#include "checks/check.hpp"
#include "grader/grading/profile.hpp"

namespace grader::checks {

/// When something came into the history, measured in the code that was there before it.
struct Arrival {
  std::string commit;    ///< the first that brought it; empty where none did
  int code_percent = 0;  ///< of all added lines of code, what stood before that commit
  int commits = 0;       ///< that touched it
  bool present() const { return !commit.empty(); }
};

/// Of tests with something in them, and of a README of five lines or more.
Arrival tests_arrival(const submission::History& history);
Arrival readme_arrival(const submission::History& history);

/// A commit whose date cannot be, and why, in neutral words: clocks are set wrong as well.
struct ImpossibleDate {
  std::string commit;
  std::string why;
};
/// Before git's first release or that of the Django version which wrote the settings, after the
/// grading, or more than a day before the parent. At most 20.
std::vector<ImpossibleDate> impossible_dates(const Facts& facts);

/// What hints at code that is older than the history, or was begun by somebody else.
struct TemplateSign {
  std::string what;    ///< "migrations are dated 320 days before the first commit"
  bool sure = false;   ///< enough by itself
  Location at;         ///< in the graded tree; no path: see the commit
  std::string commit;  ///< of the history, or empty
};
std::vector<TemplateSign> template_signs(const Facts& facts);

/// True where a sign is sure, or two different ones agree.
bool is_template_start(const std::vector<TemplateSign>& signs);

/// The facts about the history that a person reads: how the work was divided, by how many, when
/// tests and README came, what was copied, which dates cannot be. None of them is marked.
std::vector<grading::HistoryNote> history_notes(const Facts& facts);

}  // namespace grader::checks
