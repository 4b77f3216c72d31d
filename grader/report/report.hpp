#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "grader/dossier/dossier.hpp"
#include "grader/grading/finding.hpp"
#include "grader/grading/grade.hpp"
#include "grader/grading/override.hpp"
#include "grader/grading/profile.hpp"
#include "grader/submission/history.hpp"
#include "sandbox/rehearsal/rehearsal.hpp"

namespace grader::report {

/// Documentation of a check as the report needs it: a report explains itself without our program.
struct RuleText {
  std::string id;
  std::string title;
  std::string why;
  std::string fix;
  std::string reference;
};

/// What was graded.
struct SubmissionInfo {
  std::string source;  ///< URL or path as given, credentials removed
  std::string commit;  ///< full object id
  std::string ref;
  std::vector<std::string> warnings;
};

/// Everything about one grading, as values; every format is made from this alone.
struct Report {
  SubmissionInfo submission;
  grading::Profile profile;
  std::vector<grading::Finding> findings;
  std::vector<RuleText> rules;  ///< of every check that has a finding
  grading::Grade grade;
  std::vector<submission::Commit> commits;  ///< newest first
  std::string history_gap;  ///< what is missing of the commits and why; empty where nothing is
  std::optional<sandbox::LintReport> lint;
  std::optional<sandbox::Rehearsal> rehearsal;
  std::vector<std::string> disagreements;    ///< of reading with what the application did
  dossier::Dossier dossier;                  ///< the interviewer's; empty where none was made
  std::vector<grading::Override> overrides;  ///< marks of people, in the order they were given
  std::string language = "en";               ///< "en" or "ru": of every page that a person reads
  bool anonymous = false;                    ///< names and addresses of people were taken out
  int keep_days = 180;                       ///< how long the report may be kept
  std::int64_t as_of = 0;                    ///< seconds since 1970
  std::vector<std::pair<std::string, std::string>> inputs;  ///< name, digest or version
  std::vector<std::pair<std::string, double>> timing;       ///< stage, seconds
};

}  // namespace grader::report
