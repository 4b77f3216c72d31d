#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "checks/check.hpp"

namespace grader::checks {

/// One finding that a fixture says its check must give, or must not yet give.
struct Expected {
  std::string check;
  Location at;           ///< line 0: a finding of a whole file; no path: of the whole submission
  bool unclear = false;  ///< `undetermined` because of the submission, else `violated`
  bool known_miss = false;

  auto operator<=>(const Expected&) const = default;
};

/// What a commit of HISTORY put into a file.
struct PastContent {
  std::string path;
  std::string commit;
  std::string text;
};

/// One tree of a fixture: fixtures/FAMILY/NAME/bad… or good….
///
/// Marks stand at the end of lines, in whatever comment the language has: `expect: ID`, `unclear:
/// ID`, `todo expect: ID`. Files beside the tree that are no part of it:
///   EXPECT     marks for what has no line of its own: `expect: ID [PATH[:LINE]]`
///   TREE       further (empty) files, one path a line: what git or an editor would not let us keep
///   HISTORY    commits, oldest first (see history_of)
///   LINT       remarks of a style tool: `PATH:LINE CODE message`; `lines N` says what it looked at
///   REHEARSAL  `rung NAME passed|failed|undetermined reason`, `test ID
///   passed|failed|error|skipped`, `page PATH nobody|user STATUS [PATH:LINE ERROR]`
struct Fixture {
  std::string folder;
  project::Files files;
  submission::History history;
  std::vector<PastContent> past;
  std::optional<sandbox::LintReport> lint;
  std::optional<sandbox::Rehearsal> rehearsal;
  std::vector<Expected> expected;
};

/// Reads one tree. `folder` is relative to the top of the sources.
Fixture read_fixture(const std::string& folder);

/// The trees of one check, sorted: folders whose names begin with bad or good.
std::vector<std::string> fixture_folders(std::string_view check_id);

/// The marks in one line of a file; `at` is given to them.
std::vector<Expected> marks(std::string_view line, const Location& at);

/// Commits from blocks that are divided by empty lines, oldest first:
///   commit 2024-03-01 10:00 +0200 Ann Lee <ann@example.org> [merge]
///   Subject line
///   > a line of the body (`>` alone is an empty one)
///   + vault/models.py 40        added, with its lines
///   ~ vault/views.py 3 1        modified
///   - old.py 0 12               deleted
///   | DEBUG = True              a line of what the file before it holds then
submission::History history_of(std::string_view text);

/// The contents that it states, oldest first.
std::vector<PastContent> past_contents_of(std::string_view text);

/// What a check found and what its fixture expects, as differences in words; empty where they
/// agree.
std::vector<std::string> differences(const Fixture& fixture, std::string_view check_id,
                                     const std::vector<grading::Finding>& findings);

/// Runs one check over a fixture.
std::vector<grading::Finding> run_on(const Fixture& fixture, const CatalogueEntry& entry);

}  // namespace grader::checks
