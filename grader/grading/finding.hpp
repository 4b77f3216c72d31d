#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "grader/base/location.hpp"

namespace grader::grading {

/// What a check says of its rule.
enum class Outcome { met, violated, not_applicable, undetermined };

/// Whose doing it is that something is undetermined: a fault of the grader's never lowers a grade,
/// one of the submission's earns nothing until a person decides.
enum class Cause { none, grader, submission };

/// How bad the thing is where it is found, mildest first.
enum class Severity { info, low, medium, high, critical };

/// How sure the finding is, from what was read or seen.
enum class Confidence { low, medium, high };

/// One thing that a reader can look at to see that a finding is true.
struct Evidence {
  enum class Kind {
    code,      ///< `quote` are the lines at `location`
    commit,    ///< `commit` names it, `quote` is of its message or patch
    exchange,  ///< a request and a response with the running application
    tool,      ///< output of an external tool or of the rehearsal
  };
  Kind kind = Kind::code;
  Location location;   ///< for code, and where an exchange or a commit points at code
  std::string commit;  ///< full object id
  std::string quote;   ///< text of the submission, secret values already masked; hostile: escape it
  std::string note;    ///< what it shows, in our words: one step of a trace
};

/// The answer of a check about one place (or about the whole submission).
struct Finding {
  std::string check;  ///< id, "family.name"
  Outcome outcome = Outcome::met;
  Severity severity = Severity::medium;
  Confidence confidence = Confidence::high;
  Cause cause = Cause::none;       ///< only of `undetermined`
  std::string message;             ///< one or two sentences in plain words, about this place
  std::vector<Evidence> evidence;  ///< first the place itself, then the steps that lead there
  int count = 1;  ///< places that it stands for, where a tool's remarks are grouped
};

/// The one answer that a rubric sees of all findings of a check: violated before undetermined
/// before met before not_applicable. A check without any finding was not run: undetermined.
Outcome combined(const std::vector<Finding>& findings, std::string_view check);

/// The name as it stands in reports and rubrics, "not_applicable".
std::string_view to_string(Outcome outcome);
std::string_view to_string(Cause cause);
std::string_view to_string(Severity severity);
std::string_view to_string(Confidence confidence);

}  // namespace grader::grading
