#pragma once

#include <string>

#include "grader/report/report.hpp"

namespace grader::report {

/// report.json: everything, uncut, for machines and for grading again under another rubric. Keys
/// keep their order; all but `timing` is the same bytes for the same commit and inputs. Ends with a
/// line end, holds no control characters.
std::string to_json(const Report& report);

/// report.html: one self-contained page without scripts, for the recruiter and the interviewer.
std::string to_html(const Report& report);

/// report.md: GitHub-flavoured Markdown that fits a job summary (under 1 MiB).
std::string to_markdown(const Report& report);

/// report.sarif: SARIF 2.1.0, one result for each violated or undetermined finding.
std::string to_sarif(const Report& report);

/// report.junit.xml: one test case a check, in the form that CI servers read; no times.
std::string to_junit(const Report& report);

/// What a recruiter reads on a terminal, at most 80 columns wide where words allow.
std::string to_terminal(const Report& report, bool colour);

}  // namespace grader::report
