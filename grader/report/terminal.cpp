#include <algorithm>
#include <cmath>

#include "grader/base/text.hpp"
#include "grader/report/encoded.hpp"
#include "grader/report/formats.hpp"
#include "grader/report/language.hpp"
#include "grader/report/words.hpp"

namespace grader::report {
namespace {

using grading::Severity;

constexpr std::size_t width = 80;
constexpr std::size_t message_limit = 400;
constexpr std::size_t places_per_gate = 3;
constexpr std::size_t title_width = 28;

/// Sequences of ECMA-48 (SGR) that are ours; nothing without colour.
class Style {
 public:
  explicit Style(bool colour) : colour_(colour) {}
  TerminalText bold(const TerminalText& text) const { return wrap("\x1b[1m", text); }
  TerminalText dim(const TerminalText& text) const { return wrap("\x1b[2m", text); }
  TerminalText good(const TerminalText& text) const { return wrap("\x1b[1;32m", text); }
  TerminalText bad(const TerminalText& text) const { return wrap("\x1b[1;31m", text); }
  TerminalText doubtful(const TerminalText& text) const { return wrap("\x1b[1;33m", text); }

 private:
  TerminalText wrap(Markup start, const TerminalText& text) const {
    return colour_ ? start + text + "\x1b[0m" : text;
  }
  bool colour_;
};

std::size_t code_points(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count_if(
      text, [](char c) { return (static_cast<unsigned>(c) & 0xC0U) != 0x80U; }));
}

TerminalText blanks(std::size_t count) { return Terminal::text_padded("", count); }

/// Words of `raw` in lines of at most `width` columns; `first` opens the first line, the others
/// are indented as far.
TerminalText paragraph(const TerminalText& first, std::size_t indent, std::string_view raw) {
  TerminalText out = first;
  std::size_t column = indent;
  bool line_start = true;
  const TerminalText text = Terminal::text(excerpt(raw, message_limit));
  for (const auto word : text::split(text.bytes(), ' ')) {
    if (word.empty()) continue;
    const std::size_t length = code_points(word);
    if (!line_start && column + 1 + length > width) {
      out += "\n";
      out += blanks(indent);
      column = indent;
      line_start = true;
    }
    if (!line_start) {
      out += " ";
      ++column;
    }
    out += Terminal::text(word);
    column += length;
    line_start = false;
  }
  out += "\n";
  return out;
}

/// A text of ours in a language.
TerminalText word(std::string_view english, const std::string& language) {
  return Terminal::text(said(english, language));
}

TerminalText heading(const Style& style, std::string_view title, const std::string& language) {
  return "\n" + style.bold(word(title, language)) + "\n";
}

/// Ten cells for a share of 0 to 1.
TerminalText bar(double share) {
  TerminalText out;
  const long filled = std::lround(share * 10);
  for (long i = 0; i < 10; ++i) {
    if (i < filled) {
      out += "█";
    } else {
      out += "░";
    }
  }
  return out;
}

TerminalText section_line(const grading::SectionMark& section, const std::string& language) {
  const std::string title = excerpt(section.title, title_width);
  return "  " + bar(share(section)) + "  " + Terminal::text_padded(title, title_width) + "  " +
         word(grading::to_string(section.points) + " of " + grading::to_string(section.maximum),
              language) +
         "\n";
}

TerminalText sections(const Style& style, const grading::Grade& grade,
                      const std::string& language) {
  const Ranking ranked = ranking(grade);
  TerminalText out;
  if (!ranked.strongest.empty()) out += heading(style, "Strongest", language);
  for (const auto* section : ranked.strongest) out += section_line(*section, language);
  if (!ranked.weakest.empty()) out += heading(style, "Weakest", language);
  for (const auto* section : ranked.weakest) out += section_line(*section, language);
  return out;
}

TerminalText gate_places(const Style& style, const grading::TrippedGate& gate) {
  TerminalText out;
  std::size_t shown = 0;
  for (const auto& finding : gate.evidence) {
    if (finding.evidence.empty() || finding.evidence.front().location.path.empty()) continue;
    if (shown++ == places_per_gate) break;
    out +=
        "      " + style.dim(Terminal::text(to_string(finding.evidence.front().location))) + "\n";
  }
  return out;
}

TerminalText gates(const Style& style, const grading::Grade& grade, const std::string& language) {
  TerminalText out;
  for (const auto& gate : grade.gates) {
    if (!gate.tripped && !gate.undecided) continue;
    const TerminalText sign =
        gate.tripped ? style.bad(TerminalText("✗")) : style.doubtful(TerminalText("?"));
    out += paragraph("  " + sign + " ", 4, gate.title + " → " + gate.effect);
    out += gate_places(style, gate);
  }
  return out.empty() ? out : heading(style, "Rules that limit the grade", language) + out;
}

TerminalText findings(const Style& style, const Report& report) {
  const auto violated = groups(report, grading::Outcome::violated);
  TerminalText out = heading(style, "Findings", report.language);
  out += paragraph(TerminalText("  "), 2, said(counts(violated_checks(report)), report.language));
  constexpr std::size_t limit = 5;
  std::size_t shown = 0;
  for (const auto& group : violated) {
    if (group.severity < Severity::high || shown++ == limit) break;
    const auto& finding = *group.findings.front();
    out += paragraph("  " + style.bad(TerminalText("•")) + " ", 4, group.title());
    if (!finding.evidence.empty() && !finding.evidence.front().location.path.empty()) {
      out += "      " + style.dim(Terminal::text(to_string(finding.evidence.front().location)));
      if (group.findings.size() > 1) {
        out += style.dim(
            " " + word("and " + plural(group.findings.size() - 1, "more place"), report.language));
      }
      out += "\n";
    }
  }
  return out;
}

TerminalText person(const Style& style, const Report& report) {
  TerminalText out;
  for (const auto& item : needs_person(report)) {
    out += paragraph("  " + style.doubtful(TerminalText("?")) + " ", 4, item);
  }
  return out.empty() ? out : heading(style, "What needs a person", report.language) + out;
}

TerminalText rehearsal(const Style& style, const Report& report) {
  if (!report.rehearsal) return {};
  TerminalText out = heading(style, "Does it run?", report.language);
  if (!report.rehearsal->problem.empty())
    out += paragraph(TerminalText("  "), 2, report.rehearsal->problem);
  for (const auto& rung : report.rehearsal->ladder) {
    const bool passed = rung.status == sandbox::RungStatus::passed;
    const bool failed = rung.status == sandbox::RungStatus::failed;
    const TerminalText sign = passed   ? style.good(TerminalText("✓"))
                              : failed ? style.bad(TerminalText("✗"))
                                       : style.doubtful(TerminalText("?"));
    std::string line = said(rung_title(rung.name), report.language);
    if (!passed || !rung.repairs.empty()) line += ": " + said(rung_outcome(rung), report.language);
    if (!passed && !rung.reason.empty()) line += ", " + rung.reason;
    out += paragraph("  " + sign + " ", 4, line);
  }
  return out;
}

}  // namespace

std::string to_terminal(const Report& given, bool colour) {
  const Report report = localised(given);
  const auto& language = report.language;
  const Style style(colour);
  const auto& grade = report.grade;
  const Verdict verdict_said = verdict(report);
  TerminalText out = "\n" + style.dim(Terminal::text(report.submission.source)) + "\n";
  out += style.dim(word("commit", language) + " " +
                   Terminal::text(report.submission.commit.substr(0, 12)) + ", " +
                   word("by", language) + " " + word(basis(grade), language));
  out += "\n\n  ";
  const TerminalText title =
      Terminal::text(verdict_said.title + "   " + said(percent(grade.percent), language));
  out += grade.needs_person || grade.band.empty() ? style.doubtful(title) : style.bold(title);
  if (const auto range = open_range(grade); !range.empty()) {
    out += "   (" + word(range, language) + ")";
  }
  out += "\n";
  out += paragraph(TerminalText("  "), 2, verdict_said.sentence);
  for (const auto& warning : report.submission.warnings) {
    out += paragraph("  " + style.doubtful(TerminalText("!")) + " ", 4, warning);
  }
  out += gates(style, grade, language);
  out += sections(style, grade, language);
  out += findings(style, report);
  out += rehearsal(style, report);
  out += person(style, report);
  return out.bytes();
}

}  // namespace grader::report
