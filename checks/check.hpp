#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "grader/grading/finding.hpp"
#include "grader/project/past_secrets.hpp"
#include "grader/project/project.hpp"
#include "grader/submission/history.hpp"
#include "sandbox/rehearsal/rehearsal.hpp"

namespace grader::checks {

/// All that a check may look at. Parts that were not made in this run are null.
struct Facts {
  const project::Project& project;
  const submission::History& history;
  const sandbox::LintReport* lint = nullptr;
  const sandbox::Rehearsal* rehearsal = nullptr;
  std::int64_t as_of = 0;  ///< «now» of this grading: seconds since 1970, recorded in the report
  std::vector<project::PastSecret> past_secrets = {};  ///< of contents that are no longer there
};

/// A rule named after the bad thing, with its documentation as data. One object a file, listed in
/// checks/catalogue.def.
struct Check {
  std::string_view title;      ///< the bad thing in plain words, no full stop
  std::string_view why;        ///< what can happen, in words a recruiter understands
  std::string_view fix;        ///< what to do instead, with the Django documentation page
  std::string_view reference;  ///< CWE, OWASP, RFC or documentation page; empty where none applies
  grading::Severity severity = grading::Severity::medium;
  /// Findings of this check; an empty answer means that the rule is met.
  std::vector<grading::Finding> (*run)(const Facts&) = nullptr;
};

/// A check with the id that its catalogue line gives it.
struct CatalogueEntry {
  std::string_view id;      ///< "settings.debug_enabled"
  std::string_view family;  ///< "settings"
  const Check* check;
};

/// All checks, in the order of catalogue.def.
std::span<const CatalogueEntry> catalogue();

/// The entry of this id, or null.
const CatalogueEntry* find_check(std::string_view id);

/// Runs every check of the catalogue. Each yields at least one finding: a check that finds nothing
/// gives `met`, one that throws gives `undetermined` with cause grader.
std::vector<grading::Finding> inspect(const Facts& facts);

}  // namespace grader::checks
