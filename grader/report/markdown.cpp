#include <algorithm>
#include <ranges>

#include "grader/base/text.hpp"
#include "grader/report/encoded.hpp"
#include "grader/report/formats.hpp"
#include "grader/report/markdown_parts.hpp"
#include "grader/report/words.hpp"

namespace grader::report {
namespace {

using grading::Finding;
using grading::Outcome;

constexpr std::size_t findings_per_check = 5;
constexpr std::size_t steps_per_finding = 6;
/// GitHub refuses a job summary over 1 MiB; the rest of the page needs far less than 200 KiB.
constexpr std::size_t findings_bytes = 800U << 10U;

using markdown::code;
using markdown::quote;
using markdown::text;

MarkdownText head(const Report& report) {
  const Verdict said = verdict(report);
  MarkdownText out = "# " + text(said.title) + ", " + text(percent(report.grade.percent)) + "\n\n";
  out += text(said.sentence) + "\n\n";
  out += "Submission " + code(report.submission.source) + " at commit " +
         code(report.submission.commit.substr(0, 12)) + ", graded by " + text(basis(report.grade)) +
         ", as of " + text(date(report.as_of)) + ".\n";
  for (const auto& warning : report.submission.warnings) {
    out += "\n> **Note:** " + text(warning) + "\n";
  }
  return out;
}

MarkdownText place(const Finding& finding) {
  if (finding.evidence.empty()) return {};
  const auto& first = finding.evidence.front();
  if (!first.location.path.empty()) return " at " + code(to_string(first.location));
  if (!first.commit.empty()) return " in commit " + code(first.commit.substr(0, 12));
  return {};
}

MarkdownText gates(const grading::Grade& grade) {
  MarkdownText out;
  for (const auto& gate : grade.gates) {
    if (!gate.tripped && !gate.undecided) continue;
    out += "- **" + text(gate.title) + "** → " + text(gate.effect);
    if (!gate.tripped) out += " (not decided: a person has to look)";
    out += "\n";
    for (const auto& finding : gate.evidence | std::views::take(findings_per_check)) {
      out += "  - " + text(finding.message) + place(finding) + "\n";
    }
    if (gate.evidence.size() > findings_per_check) {
      out += "  - and ";
      out += gate.evidence.size() - findings_per_check;
      out += " more\n";
    }
  }
  return out.empty() ? out : "\n## Rules that limit the grade\n\n" + out;
}

MarkdownText score(const grading::Grade& grade) {
  MarkdownText out("\n## Score\n\n| | points | of | open |\n|---|--:|--:|--:|\n");
  const auto points = [](const grading::Decimal& value) {
    return Markdown::text(grading::to_string(value));
  };
  for (const auto& section : grade.sections) {
    const OpenPoints open = open_points(section);
    out += "| " + text(section.title) + " | " + points(section.points) + " | " +
           points(section.maximum) + " | " + points(open.grader + open.submission) + " |\n";
  }
  for (const auto& entry : grade.bonus) {
    out += "| Bonus: " + text(entry.title) + " | " + points(entry.points) + " | | |\n";
  }
  for (const auto& entry : grade.penalties) {
    out += "| Penalty: " + text(entry.title) + " | " + points(entry.points) + " | | |\n";
  }
  return out;
}

/// Marks of people: both the old points and the reason stand in the reason of the criterion.
MarkdownText overruled(const Report& report) {
  MarkdownText out;
  for (const auto& one : report.overrides) {
    for (const auto& section : report.grade.sections) {
      for (const auto& mark : section.marks) {
        if (mark.criterion != one.criterion || mark.reasons.empty()) continue;
        out += "- " + text(mark.title) + ": " + text(grading::to_string(mark.points)) + ", " +
               text(mark.reasons.front()) + "\n";
      }
    }
  }
  return out.empty() ? out : "\n## Overruled by a person\n\n" + out;
}

MarkdownText evidence(const grading::Evidence& step) {
  MarkdownText out("    -");
  if (!step.location.path.empty()) out += " " + code(to_string(step.location));
  if (!step.commit.empty()) out += " commit " + code(step.commit.substr(0, 12));
  if (!step.note.empty()) out += " " + text(step.note);
  out += "\n";
  if (!step.quote.empty()) out += "\n" + quote(step.quote, 6) + "\n";
  return out;
}

MarkdownText finding_item(const Finding& finding) {
  MarkdownText out = "  - " + text(finding.message) + "\n";
  for (const auto& step : finding.evidence | std::views::take(steps_per_finding)) {
    out += evidence(step);
  }
  return out;
}

MarkdownText group_item(const Group& group) {
  MarkdownText out = "- **" + text(group.title()) + "** (" + text(to_string(group.severity)) +
                     ", " + code(group.check) + ")\n";
  if (group.rule != nullptr && !group.rule->why.empty()) out += "  " + text(group.rule->why) + "\n";
  out += "\n";
  for (const auto* finding : group.findings | std::views::take(findings_per_check)) {
    out += finding_item(*finding);
  }
  if (group.findings.size() > findings_per_check) {
    out += "  - and ";
    out += group.findings.size() - findings_per_check;
    out += " more, all of them in report.json\n";
  }
  if (group.rule != nullptr && !group.rule->fix.empty()) {
    out += "\n  Instead: " + text(group.rule->fix) + "\n";
  }
  out += "\n";
  return out;
}

MarkdownText findings(const Report& report) {
  MarkdownText out = "\n## Findings: " + text(counts(violated_checks(report))) + "\n\n";
  std::size_t left = 0;
  for (const auto& group : groups(report, Outcome::violated)) {
    const MarkdownText item = left > 0 ? MarkdownText() : group_item(group);
    if (left > 0 || out.size() + item.size() > findings_bytes) {
      ++left;
    } else {
      out += item;
    }
  }
  if (left > 0) {
    out += "\nLeft out for length: ";
    out += left;
    out += " more checks, all of them in report.json.\n";
  }
  return out;
}

MarkdownText rehearsal(const Report& report) {
  if (!report.rehearsal) return {};
  MarkdownText out("\n## Does it run?\n\n");
  if (!report.rehearsal->problem.empty()) out += text(report.rehearsal->problem) + "\n\n";
  for (const auto& rung : report.rehearsal->ladder) {
    out += "- " + text(rung_title(rung.name)) + ": " + text(rung_outcome(rung));
    if (!rung.reason.empty()) out += ", " + text(rung.reason);
    out += "\n";
  }
  for (const auto& repair : report.rehearsal->repairs) {
    out += "- Repaired: " + text(repair.detail) + "\n";
  }
  if (report.rehearsal->tests) {
    const TestCounts tests = test_counts(*report.rehearsal->tests);
    out += "- The candidate's tests: ";
    out += tests.passed;
    out += " passed, ";
    out += tests.failed;
    out += " failed, ";
    out += tests.skipped;
    out += " skipped\n";
  }
  return out;
}

MarkdownText person(const Report& report) {
  MarkdownText out;
  for (const auto& item : needs_person(report)) out += "- " + text(item) + "\n";
  return out.empty() ? out : "\n## What needs a person\n\n" + out;
}

MarkdownText strengths(const Report& report) {
  MarkdownText out;
  for (const auto* finding : good_findings(report)) {
    out += "- " + text(finding->message) + place(*finding) + "\n";
  }
  return out.empty() ? out : "\n## Done well\n\n" + out;
}

}  // namespace

std::string to_markdown(const Report& report) {
  MarkdownText out = head(report);
  out += gates(report.grade);
  out += score(report.grade);
  out += overruled(report);
  out += person(report);
  out += findings(report);
  out += strengths(report);
  out += markdown::dossier(report);
  out += rehearsal(report);
  return out.bytes();
}

}  // namespace grader::report
