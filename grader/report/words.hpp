#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "grader/report/report.hpp"

namespace grader::report {

/// What the readable formats say of a report, worked out once. All strings are plain text that a
/// sink still has to encode.

/// The first thing a reader sees.
struct Verdict {
  std::string title;     ///< "Middle", "Needs a person"
  std::string sentence;  ///< what it means and rests on, one or two sentences
};
Verdict verdict(const Report& report);

/// What a submission is called in titles: "owner/name" of an address; of a path its folder, or the
/// one above where that is called repo or .git; "owner+name" is read as "owner/name".
std::string display_name(std::string_view source);

/// "2026-11-20": the last day on which the report may be kept.
std::string keep_until(const Report& report);

/// A date or a number as the language writes it: "20.11.2026", "57,9".
std::string date_in_words(const std::string& date, const std::string& language);
std::string number_in_words(std::string number, const std::string& language);

/// "82.5 %".
std::string percent(const grading::Decimal& value);

/// "72 to 85 %", or empty where nothing is open.
std::string open_range(const grading::Grade& grade);

/// What the grade rests on, after «by»: "reading the code alone; it was not started".
std::string basis(const grading::Grade& grade);

/// Points of a section that are not earned and not lost: nobody could decide them by our fault, or
/// because of the submission, or they were not asked for.
struct OpenPoints {
  grading::Decimal grader;
  grading::Decimal submission;
  grading::Decimal left_out;
};
OpenPoints open_points(const grading::SectionMark& section);

/// Share of the points that could be earned here, 0 to 1: what our fault left open and what was not
/// asked for is no part of the whole.
double share(const grading::Mark& mark);
double share(const grading::SectionMark& section);

/// At most three sections that earned the largest share (at least half), best first; and at most
/// three others that lost most, worst first. No section is in both.
struct Ranking {
  std::vector<const grading::SectionMark*> strongest;
  std::vector<const grading::SectionMark*> weakest;
};
Ranking ranking(const grading::Grade& grade);

/// The findings of one check that have one outcome.
struct Group {
  const RuleText* rule = nullptr;  ///< null where the report holds no text for the check
  std::string check;
  grading::Severity severity = grading::Severity::info;  ///< the highest of its findings
  std::vector<const grading::Finding*> findings;         ///< most severe first, else as found
  std::string title() const;                             ///< of the rule, else the check's id
};
/// Most severe first, else in the order of the findings.
std::vector<Group> groups(const Report& report, grading::Outcome outcome);

/// Number of checks with a violated finding, by the highest severity of each; index = Severity.
std::array<int, 5> violated_checks(const Report& report);

/// "2 critical, 1 high"; "none" where all are zero.
std::string counts(const std::array<int, 5>& by_severity);

/// What a person has to decide before the grade is final, each in one sentence.
std::vector<std::string> needs_person(const Report& report);

/// Tests as the candidate's runner reported them.
struct TestCounts {
  int passed = 0;
  int failed = 0;  ///< failures and errors
  int skipped = 0;
  int total() const { return passed + failed + skipped; }
};
TestCounts test_counts(const sandbox::TestRun& run);

/// "5 of 7 tests passed, 1 failed, 1 skipped".
std::string tests_in_words(const TestCounts& tests);

/// What a reader wants to know within a minute: name and value, in this order.
std::vector<std::pair<std::string, std::string>> facts(const Report& report);

/// One met finding of each check that has something to show: what the candidate did well.
std::vector<const grading::Finding*> good_findings(const Report& report);

/// "path:line" of the first evidence, else its commit, else nothing.
std::string place_of(const grading::Finding& finding);

/// The last `count` lines, where an output says how it ended.
std::string last_lines(std::string_view text, std::size_t count);

/// "dependencies installed" for "dependencies"; a name without words of ours stays.
std::string rung_title(const std::string& name);

/// "passed", "failed", "not decided", and whose doing where it is known.
std::string rung_outcome(const sandbox::Rung& rung);

/// The commit as far as a report shows it: no names, addresses or time zones of people.
struct CommitFacts {
  std::string id;
  std::int64_t time = 0;  ///< seconds since 1970, when it was written
  std::string subject;    ///< first line of the message
  std::size_t files = 0;
  std::size_t added = 0;    ///< lines
  std::size_t removed = 0;  ///< lines
  bool merge = false;
};
/// Newest first, as in the report.
std::vector<CommitFacts> commit_facts(const Report& report);

/// "7 commits from 2026-11-13 to 2026-11-19: 481 lines added, 8 removed."
std::string history_in_words(const Report& report);

/// "2026-11-20" and "2026-11-20T08:15:00Z" in UTC, of seconds since 1970.
std::string date(std::int64_t time);
std::string timestamp(std::int64_t time);

/// The start of any bytes as valid UTF-8: at most `limit` code points, "…" where more were there.
std::string excerpt(std::string_view bytes, std::size_t limit);

/// "1 finding", "2 findings".
std::string plural(std::size_t count, std::string_view noun);

}  // namespace grader::report
