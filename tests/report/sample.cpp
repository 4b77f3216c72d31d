#include "tests/report/sample.hpp"

#include <algorithm>
#include <utility>

namespace grader::report::sample {
namespace {

using grading::Decimal;
using grading::Mark;
using grading::SectionMark;

/// Tenths of a point, so that 7.5 reads 75.
Decimal tenths(std::int64_t value) { return {value, 10}; }

Mark mark(std::string id, std::string title, std::int64_t points, std::int64_t maximum,
          std::vector<std::string> reasons = {}, std::vector<std::string> checks = {}) {
  Mark result;
  result.criterion = std::move(id);
  result.title = std::move(title);
  result.points = tenths(points);
  result.maximum = tenths(maximum);
  result.reasons = std::move(reasons);
  result.checks = std::move(checks);
  return result;
}

SectionMark section(std::string id, std::string title, std::vector<Mark> marks) {
  SectionMark result{std::move(id), std::move(title), 0, 0, std::move(marks)};
  for (const auto& item : result.marks) {
    result.points += item.points;
    result.maximum += item.maximum;
  }
  return result;
}

SectionMark security() {
  return section("security", "Security",
                 {mark("security.encryption", "Entries are encrypted before they are saved", 80,
                       100, {"2 points off: the CSV import saves passwords unencrypted"},
                       {"encryption.stored_plain", "encryption.path_unencrypted"}),
                  mark("security.key", "The key is kept out of the code", 30, 50,
                       {"2 points off: the key has a working default in the code"},
                       {"settings.secret_key_default"}),
                  mark("security.ownership", "Users reach their own entries only", 0, 80,
                       {"all 8 points off: the export writes everybody's entries"},
                       {"ownership.list_unscoped", "ownership.lookup_unscoped"}),
                  mark("security.injection", "No SQL injection, no XSS", 30, 40,
                       {"1 point off: debug pages show settings"}, {"injection.sql_built"}),
                  mark("security.csrf", "Changes need a form of this site", 0, 30,
                       {"3 points off: two views delete on GET"}, {"views.state_change_on_get"})});
}

SectionMark functions() {
  auto search =
      mark("functions.search", "Search", 0, 10, {"1 point open: the code could not be followed"},
           {"ownership.search_unscoped"});
  search.open_submission = tenths(10);
  return section("functions", "Functions",
                 {mark("functions.register", "Registration", 20, 20),
                  mark("functions.login", "Sign-in", 20, 20),
                  mark("functions.create", "Create an entry", 25, 25),
                  mark("functions.read", "Read an entry", 25, 25),
                  mark("functions.update", "Change an entry", 25, 25),
                  mark("functions.delete", "Delete an entry", 25, 25), std::move(search)});
}

SectionMark patterns() {
  return section(
      "patterns", "Django patterns",
      {mark("patterns.models", "Models and migrations", 35, 40),
       mark("patterns.forms", "Forms validate the input", 30, 40),
       mark("patterns.queries", "Queries do not grow with the rows", 0, 30,
            {"3 points off: the list asks once more for each entry"}, {"models.n_plus_one"}),
       mark("patterns.settings", "Settings come from the environment", 20, 40, {},
            {"settings.debug_enabled"})});
}

SectionMark testing() {
  auto coverage = mark("testing.coverage", "Tests reach the code", 0, 25,
                       {"2.5 points open by a fault of the grader: taken out of the total"},
                       {"tests.coverage_low"});
  coverage.open_grader = tenths(25);
  return section("testing", "Tests",
                 {mark("testing.present", "There are tests, and they pass", 40, 50,
                       {"1 point off: one of 7 fails"}),
                  mark("testing.security", "Tests of the security rules", 0, 75,
                       {"7.5 points off: no test asks for another user's entry"},
                       {"tests.ownership_untested"}),
                  std::move(coverage)});
}

SectionMark quality() {
  return section(
      "quality", "Code quality",
      {mark("quality.pep8", "PEP 8", 35, 50, {"1.5 points off: 9 remarks"}, {"style.pep8"}),
       mark("quality.structure", "Structure and naming", 30, 50)});
}

SectionMark hygiene() {
  return section("git", "Git hygiene",
                 {mark("git.spread", "Work is spread over commits", 25, 25),
                  mark("git.messages", "Messages say what and why", 15, 25),
                  mark("git.junk", "Nothing is committed that does not belong", 0, 25,
                       {"2.5 points off: a database was committed"}, {"history.junk_committed"})});
}

SectionMark documentation() {
  return section("documentation", "Documentation",
                 {mark("documentation.setup", "Setup works as written", 25, 25),
                  mark("documentation.encryption", "The encryption approach is described", 10, 25),
                  mark("documentation.limitations", "Known limitations are named", 0, 25,
                       {"2.5 points off: none is named"}, {"docs.limitations_missing"})});
}

grading::TrippedGate gate(std::string id, std::string title, std::string effect) {
  grading::TrippedGate result;
  result.id = std::move(id);
  result.title = std::move(title);
  result.effect = std::move(effect);
  return result;
}

std::vector<grading::TrippedGate> gates(const std::vector<grading::Finding>& findings) {
  auto leak =
      gate("foreign_entries", "A signed-in user reaches other people's entries", "at most 60 %");
  leak.tripped = true;
  std::ranges::copy_if(findings, std::back_inserter(leak.evidence), [](const auto& finding) {
    return finding.check == "ownership.list_unscoped";
  });
  return {leak, gate("plain_storage", "Entries are stored as typed", "at most 45 %"),
          gate("no_tests", "There are no tests", "at most 64 %"),
          gate("anonymous", "Entries are open without signing in", "at most 50 %")};
}

std::vector<grading::Band> bands() {
  return {{"below", "below Junior", 0},
          {"junior", "Junior", 50},
          {"between", "between Junior and Middle", 65},
          {"middle", "Middle", 70},
          {"above", "above Middle", 85}};
}

}  // namespace

grading::Grade grade(const std::vector<grading::Finding>& findings) {
  grading::Grade result;
  result.sections = {security(), functions(), patterns(),     testing(),
                     quality(),  hygiene(),   documentation()};
  result.bonus = {{"docker", "Docker", 2}};
  // 54.5 of the 97.5 points that could be decided, and the bonus; open points lost, and earned.
  result.percent = Decimal(545, 975) * Decimal(100) + Decimal(2);
  result.low = Decimal(565, 10);
  result.high = 60;
  result.bands = bands();
  result.band = "junior";
  result.band_title = "Junior";
  result.basis = "full";
  result.gates = gates(findings);
  result.rubric_id = "password_manager";
  result.rubric_version = "1";
  result.rubric_digest = "3b8e5ad0f7a24d02c1ce1f9b6d7f60a8";
  return result;
}

Report middling() {
  Report report;
  report.submission = {"https://git.example/dana/password-vault.git",
                       "c41b7d9e02f6a8135d90be77c1f4a6238e5d0917",
                       "main",
                       {"Uncommitted changes of the folder were left out"}};
  report.findings = findings();
  report.rules = rules();
  report.profile = profile();
  report.grade = grade(report.findings);
  report.commits = commits();
  report.rehearsal = rehearsal();
  report.lint =
      sandbox::LintReport{{{"pycodestyle", "E501", "line too long", {"vault/views.py", 14, 80, 0}},
                           {"pycodestyle", "E501", "line too long", {"vault/views.py", 22, 80, 0}},
                           {"ruff", "F401", "unused import", {"vault/admin.py", 1, 8, 0}}},
                          {"pycodestyle 2.14.0", "ruff 0.14.4"},
                          14,
                          612,
                          {}};
  report.dossier = dossier();
  report.as_of = 1795170000;
  report.inputs = {{"root file system", "sha256:5c0d3b7e91aa"},
                   {"package index date", "2026-11-19"},
                   {"ruff", "0.14.4"}};
  report.timing = {{"fetch", 1.25}, {"model", 0.012}, {"rehearse", 34.5}};
  return report;
}

Report unsettled() {
  Report report = middling();
  sandbox::Rehearsal run = rehearsal();
  run.tests.reset();
  run.repairs.clear();
  for (auto& rung : run.ladder) {
    rung.repairs.clear();
    if (rung.name == "dependencies") continue;
    rung.status = sandbox::RungStatus::undetermined;
    rung.cause = sandbox::RungCause::submission;
    rung.reason.clear();
    rung.output.clear();
  }
  run.ladder[1].status = sandbox::RungStatus::failed;
  run.ladder[1].reason = "config/settings.py imports a module that is not in the repository";
  run.ladder[1].output =
      "Traceback (most recent call last):\n"
      "  File \"/work/src/config/settings.py\", line 4, in <module>\n"
      "    from .local_settings import *\n"
      "ModuleNotFoundError: No module named 'config.local_settings'\n";
  report.rehearsal = std::move(run);
  auto& grade = report.grade;
  grade.gates[0].tripped = false;
  grade.gates[0].undecided = true;
  grade.gates[0].cause = grading::Cause::submission;
  grade.gates.push_back(gate("does_not_start", "The application does not start, even after repairs",
                             "needs a person"));
  grade.gates.back().tripped = true;
  grade.low = Decimal(415, 10);
  grade.percent = Decimal(472, 10);
  grade.high = Decimal(71);
  grade.band.clear();
  grade.band_title = "needs a person";
  grade.needs_person = true;
  report.history_gap = "the repository was cloned without its first commits";
  return report;
}

Report bare() {
  Report report;
  report.submission = {"https://git.example/someone/empty.git",
                       "00000000000000000000000000000000000000aa",
                       "main",
                       {}};
  report.profile.django_root = ".";
  report.profile.kind = "other";
  report.grade.sections = {
      section("security", "Security", {mark("security.encryption", "Encryption", 0, 300)}),
      section("documentation", "Documentation", {mark("documentation.setup", "Setup", 25, 75)})};
  report.grade.percent = report.grade.low = report.grade.high = tenths(25);
  report.grade.band = "below";
  report.grade.band_title = "below Junior";
  report.grade.bands = bands();
  report.grade.basis = "static";
  report.as_of = 1795170000;
  return report;
}

}  // namespace grader::report::sample
