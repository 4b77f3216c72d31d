#include <algorithm>
#include <ranges>

#include "grader/base/text.hpp"
#include "grader/report/encoded.hpp"
#include "grader/report/formats.hpp"
#include "grader/report/language.hpp"
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

/// A text of ours in a language.
MarkdownText word(std::string_view english, const std::string& language) {
  return text(said(english, language));
}

MarkdownText heading(std::string_view english, const std::string& language) {
  return "\n## " + word(english, language) + "\n\n";
}

MarkdownText head(const Report& report) {
  const auto& language = report.language;
  const Verdict verdict_said = verdict(report);
  MarkdownText out = "# " + text(verdict_said.title) + ", " +
                     word(percent(report.grade.percent), language) + "\n\n";
  out += text(verdict_said.sentence) + "\n\n";
  out += word("Submission", language) + " " + code(report.submission.source) + ", " +
         word("commit", language) + " " + code(report.submission.commit.substr(0, 12)) + ", " +
         word("graded by", language) + " " + word(basis(report.grade), language) + ", " +
         word("as of", language) + " " + text(date_in_words(date(report.as_of), language)) + ".\n";
  out += "\n" + word("It holds data of a person: keep it no longer than", language) + " " +
         text(date_in_words(keep_until(report), language)) + ".\n";
  for (const auto& warning : report.submission.warnings) {
    out += "\n> **" + word("Note:", language) + "** " + text(warning) + "\n";
  }
  return out;
}

MarkdownText place(const Finding& finding) {
  if (finding.evidence.empty()) return {};
  const auto& first = finding.evidence.front();
  if (!first.location.path.empty()) return " " + code(to_string(first.location));
  if (!first.commit.empty()) return " " + code(first.commit.substr(0, 12));
  return {};
}

MarkdownText gates(const grading::Grade& grade, const std::string& language) {
  MarkdownText out;
  for (const auto& gate : grade.gates) {
    if (!gate.tripped && !gate.undecided) continue;
    out += "- **" + text(gate.title) + "** → " + text(gate.effect);
    if (!gate.tripped) out += " " + word("(not decided: a person has to look)", language);
    out += "\n";
    for (const auto& finding : gate.evidence | std::views::take(findings_per_check)) {
      out += "  - " + text(finding.message) + place(finding) + "\n";
    }
    if (gate.evidence.size() > findings_per_check) {
      const auto more = std::to_string(gate.evidence.size() - findings_per_check);
      out += "  - " + word("and " + more + " more, all of them in report.json", language) + "\n";
    }
  }
  return out.empty() ? out : heading("Rules that limit the grade", language) + out;
}

MarkdownText score(const grading::Grade& grade, const std::string& language) {
  MarkdownText out = heading("Score", language) + "| | " + word("points", language) + " | " +
                     word("of", language) + " | " + word("open", language) +
                     " |\n|---|--:|--:|--:|\n";
  const auto points = [&](const grading::Decimal& value) {
    return Markdown::text(number_in_words(grading::to_string(value), language));
  };
  for (const auto& section : grade.sections) {
    const OpenPoints open = open_points(section);
    out += "| " + text(section.title) + " | " + points(section.points) + " | " +
           points(section.maximum) + " | " + points(open.grader + open.submission) + " |\n";
  }
  for (const auto& entry : grade.bonus) {
    out += "| " + word("Bonus", language) + ": " + text(entry.title) + " | " +
           points(entry.points) + " | | |\n";
  }
  for (const auto& entry : grade.penalties) {
    out += "| " + word("Penalty", language) + ": " + text(entry.title) + " | " +
           points(entry.points) + " | | |\n";
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
  return out.empty() ? out : heading("Overruled by a person", report.language) + out;
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

MarkdownText group_item(const Group& group, const std::string& language) {
  MarkdownText out = "- **" + text(group.title()) + "** (" +
                     word(to_string(group.severity), language) + ", " + code(group.check) + ")\n";
  if (group.rule != nullptr && !group.rule->why.empty()) out += "  " + text(group.rule->why) + "\n";
  out += "\n";
  for (const auto* finding : group.findings | std::views::take(findings_per_check)) {
    out += finding_item(*finding);
  }
  if (group.findings.size() > findings_per_check) {
    const auto more = std::to_string(group.findings.size() - findings_per_check);
    out += "  - " + word("and " + more + " more, all of them in report.json", language) + "\n";
  }
  if (group.rule != nullptr && !group.rule->fix.empty()) {
    out += "\n  " + word("Instead", language) + ": " + text(group.rule->fix) + "\n";
  }
  out += "\n";
  return out;
}

MarkdownText findings(const Report& report) {
  const auto& language = report.language;
  MarkdownText out = "\n## " + word("Findings", language) + ": " +
                     word(counts(violated_checks(report)), language) + "\n\n";
  std::size_t left = 0;
  for (const auto& group : groups(report, Outcome::violated)) {
    const MarkdownText item = left > 0 ? MarkdownText() : group_item(group, language);
    if (left > 0 || out.size() + item.size() > findings_bytes) {
      ++left;
    } else {
      out += item;
    }
  }
  if (left > 0) {
    out += "\n" +
           word("Left out for length: " + std::to_string(left) +
                    " more checks, all of them in report.json.",
                language) +
           "\n";
  }
  return out;
}

MarkdownText rehearsal(const Report& report) {
  if (!report.rehearsal) return {};
  const auto& language = report.language;
  MarkdownText out = heading("Does it run?", language);
  if (!report.rehearsal->problem.empty()) out += text(report.rehearsal->problem) + "\n\n";
  for (const auto& rung : report.rehearsal->ladder) {
    out += "- " + word(rung_title(rung.name), language) + ": " + word(rung_outcome(rung), language);
    if (!rung.reason.empty()) out += ", " + text(rung.reason);
    out += "\n";
  }
  for (const auto& repair : report.rehearsal->repairs) {
    out += "- " + word("Repaired:", language) + " " + text(repair.detail) + "\n";
  }
  if (report.rehearsal->tests) {
    const TestCounts tests = test_counts(*report.rehearsal->tests);
    out += "- " + word("The candidate’s tests", language) + ": " +
           word(tests_in_words(tests), language) + "\n";
  }
  return out;
}

MarkdownText person(const Report& report) {
  MarkdownText out;
  for (const auto& item : needs_person(report)) out += "- " + text(item) + "\n";
  return out.empty() ? out : heading("What needs a person", report.language) + out;
}

MarkdownText strengths(const Report& report) {
  MarkdownText out;
  for (const auto* finding : good_findings(report)) {
    out += "- " + text(finding->message) + place(*finding) + "\n";
  }
  return out.empty() ? out : heading("Done well", report.language) + out;
}

}  // namespace

std::string to_markdown(const Report& given) {
  const Report report = localised(given);
  MarkdownText out = head(report);
  out += gates(report.grade, report.language);
  out += score(report.grade, report.language);
  out += overruled(report);
  out += person(report);
  out += findings(report);
  out += strengths(report);
  out += markdown::dossier(report);
  out += rehearsal(report);
  return out.bytes();
}

}  // namespace grader::report
