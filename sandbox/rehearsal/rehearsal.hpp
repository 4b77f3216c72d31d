#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "grader/base/location.hpp"
#include "sandbox/probe/observed.hpp"

namespace grader::sandbox {

/// How one step towards the running application ended.
enum class RungStatus {
  passed,
  failed,        ///< the submission's own fault, shown by output
  undetermined,  ///< not reached, or failed by our fault
};

/// Whose fault it is that a rung was not passed.
enum class RungCause { none, grader, submission };

/// One rung of the ladder, in the order of climbing.
struct Rung {
  std::string name;  ///< dependencies, settings, check, migrations, migrate, serve, routes, tests
  RungStatus status = RungStatus::undetermined;
  RungCause cause = RungCause::none;
  std::string reason;  ///< plain words: what blocks it
  std::string output;  ///< last lines of its output; hostile text
  std::chrono::milliseconds duration{0};
  std::vector<std::string> repairs;  ///< names of the repairs in force
};

/// Something done outside the candidate's files so that a rung could be passed.
struct Repair {
  std::string name;    ///< "repair.environment_variable"
  std::string detail;  ///< what was done, plain words
  Location at;         ///< the candidate's line that made it necessary
};

/// One test of the candidate's, as their runner reported it: a claim, never evidence by itself.
struct TestCase {
  enum class Status { passed, failed, error, skipped };
  std::string id;  ///< dotted path or pytest node id
  Status status = Status::passed;
  std::string message;  ///< of a failure
  std::chrono::milliseconds duration{0};
};

/// How many lines of a file the tests reached, by the tests' own account.
struct LineCoverage {
  std::string path;
  int statements = 0;
  int covered = 0;
};

/// The candidate's tests, run in a box.
struct TestRun {
  std::string runner;  ///< django, pytest
  std::vector<TestCase> cases;
  std::vector<LineCoverage> coverage;
  bool finished = true;  ///< false: stopped at a limit; the outcomes before that are kept
  bool trusted = false;  ///< cross-checks agree: exit status, tests found statically, counts
  std::string doubt;     ///< why it is not
  int exit_code = 0;
};

/// What a route that takes no parameter answered to GET, by the account of the candidate's process.
struct RouteAnswer {
  std::string path;
  int status = 0;
  bool signed_in = false;
  std::string error;     ///< "Type: message" of what a view raised, or empty
  Location at;           ///< where in their files, the innermost line
  bool offline = false;  ///< it fails since it asks a service that no box reaches
};

/// What the sandbox saw.
struct Rehearsal {
  std::vector<Rung> ladder;
  std::vector<Repair> repairs;
  std::vector<RouteAnswer> routes;  ///< as nobody first, then as a user
  std::optional<TestRun> tests;
  std::optional<Probe> probe;  ///< nothing where it was not wanted or the server does not start
  std::string interpreter;     ///< "3.11.2"
  std::vector<std::string> distributions;  ///< name==version that were installed, sorted
  std::string root_file_system;            ///< digest
  std::string problem;  ///< why nothing could be rehearsed, by our fault; empty otherwise

  /// The rung of this name, or nothing where it was not planned.
  const Rung* rung(std::string_view name) const;
};

/// One remark of an external style tool.
struct LintRemark {
  std::string tool;  ///< pycodestyle, ruff
  std::string code;  ///< E501
  std::string message;
  Location at;
};

/// What external tools say of the style.
struct LintReport {
  std::vector<LintRemark> remarks;  ///< sorted by place, capped at 5,000 a tool
  std::vector<std::string> tools;   ///< "pycodestyle 2.14.0"
  int files = 0;                    ///< files looked at
  int lines = 0;                    ///< lines looked at
  std::string problem;              ///< why it could not be run, by our fault; empty otherwise
};

}  // namespace grader::sandbox
