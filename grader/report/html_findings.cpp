#include <algorithm>
#include <ranges>

#include "grader/base/text.hpp"
#include "grader/report/html_parts.hpp"

namespace grader::report::html {
namespace {

using grading::Cause;
using grading::Evidence;
using grading::Finding;
using grading::Outcome;
using grading::Severity;

constexpr std::size_t line_limit = 240;

std::size_t common_indent(const std::vector<std::string_view>& lines) {
  std::size_t common = std::string_view::npos;
  for (const auto line : lines) {
    const auto indent = line.find_first_not_of(' ');
    if (indent != line.npos) common = std::min(common, indent);
  }
  return common == std::string_view::npos ? 0 : common;
}

Fields step(const Evidence& evidence, const std::string& language) {
  const bool numbered = evidence.kind == Evidence::Kind::code && evidence.location.line > 0;
  const bool has_place = !evidence.location.path.empty();
  Fields fields;
  fields.flag("has_place", has_place)
      .text("place", has_place ? shown(to_string(evidence.location), 300) : HtmlText())
      .flag("has_commit", !evidence.commit.empty())
      .text("step_commit", shown(evidence.commit.substr(0, 12)))
      .flag("has_note", !evidence.note.empty())
      .text("note", shown(evidence.note))
      .flag("has_quote", !evidence.quote.empty())
      .attribute("code_class", numbered ? Token("numbered") : Token("plain"))
      .attribute("first_line", Token(numbered ? evidence.location.line : 1))
      .list("quote_lines", quoted(evidence.quote, "line"));
  add_rest(fields, "has_more_lines", "more_lines", text::lines(evidence.quote).size(), lines_shown,
           "line", language);
  return fields;
}

Markup severity_class(Severity severity) {
  switch (severity) {
    case Severity::critical:
      return "critical";
    case Severity::high:
      return "high";
    case Severity::medium:
      return "medium";
    case Severity::low:
      return "low";
    case Severity::info:
      return "info";
  }
  return "info";
}

std::string_view severity_name(Severity severity) {
  switch (severity) {
    case Severity::critical:
      return "Critical";
    case Severity::high:
      return "High";
    case Severity::medium:
      return "Medium";
    case Severity::low:
      return "Low";
    case Severity::info:
      return "For information";
  }
  return "For information";
}

Fields group_fields(const Group& group, Room& room) {
  std::vector<Fields> cases;
  for (const auto* item : group.findings | std::views::take(findings_shown)) {
    cases.push_back(finding(*item, room));
  }
  const RuleText none;
  const RuleText& rule = group.rule != nullptr ? *group.rule : none;
  Fields fields;
  fields.text("group_title", shown(group.title()))
      .text("group_check", shown(group.check, 80))
      .flag("has_reference", !rule.reference.empty())
      .text("reference", shown(rule.reference, 200))
      .flag("has_why", !rule.why.empty())
      .text("why", shown(rule.why))
      .flag("has_fix", !rule.fix.empty())
      .text("fix", shown(rule.fix))
      .list("group_findings", std::move(cases));
  add_rest(fields, "has_more_findings", "more_findings", group.findings.size(), findings_shown,
           "place", room.language);
  return fields;
}

Fields severity_fields(Severity severity, const std::vector<Group>& all, Room& room) {
  std::vector<Fields> list;
  for (const auto& group : all) {
    if (group.severity == severity) list.push_back(group_fields(group, room));
  }
  Fields fields;
  fields.text("severity_name", word(severity_name(severity), room.language))
      .text("severity_count", word(plural(list.size(), "check"), room.language))
      .attribute("severity_class", severity_class(severity))
      .list("groups", std::move(list));
  return fields;
}

/// The undetermined findings of one cause, at most findings_shown a check.
Fields open_cause(const Report& report, Cause cause, std::string_view title, Room& room) {
  std::vector<Fields> items;
  std::size_t total = 0;
  for (const auto& group : groups(report, Outcome::undetermined)) {
    std::size_t of_check = 0;
    for (const auto* item : group.findings) {
      if (item->cause != cause) continue;
      ++total;
      if (++of_check > findings_shown) continue;
      items.push_back(finding(*item, room));
      items.back()
          .text("open_title", shown(group.title()))
          .text("open_check", shown(group.check, 80));
    }
  }
  Fields fields;
  fields.text("cause_title", word(title, room.language));
  add_rest(fields, "has_more_open", "more_open", total, items.size(), "place", room.language);
  fields.list("open_findings", std::move(items));
  return fields;
}

/// About the bytes of a step in the page.
std::size_t evidence_size(const Evidence& evidence) {
  constexpr std::size_t markup = 300;
  return markup + std::min(evidence.quote.size(), lines_shown * line_limit) + evidence.note.size() +
         evidence.location.path.size();
}

/// One place and nothing to quote: a line is enough.
bool is_short(const Finding& finding) {
  return finding.evidence.size() == 1 && finding.evidence.front().quote.empty() &&
         finding.evidence.front().note.empty() && !place_of(finding).empty() &&
         finding.confidence == grading::Confidence::high;
}

bool any_open(const Report& report, Cause cause) {
  return std::ranges::any_of(report.findings, [&](const Finding& finding) {
    return finding.outcome == Outcome::undetermined && finding.cause == cause;
  });
}

}  // namespace

HtmlText word(std::string_view english, const std::string& language) {
  return shown(said(english, language));
}

HtmlText shown(std::string_view raw, std::size_t limit) { return Html::text(excerpt(raw, limit)); }

void add_rest(Fields& fields, Markup flag, Markup name, std::size_t total, std::size_t limit,
              std::string_view noun, const std::string& language) {
  const std::size_t rest = total > limit ? total - limit : 0;
  fields.flag(flag, rest > 0)
      .text(name, word("and " + plural(rest, "more " + std::string(noun)) + ", in report.json",
                       language));
}

std::vector<Fields> quoted(std::string_view quote, Markup name) {
  const auto lines = text::lines(quote);
  const std::size_t indent = common_indent(lines);
  std::vector<Fields> result;
  for (const auto line : lines | std::views::take(lines_shown)) {
    result.emplace_back().text(name, shown(line.substr(std::min(indent, line.size())), line_limit));
  }
  return result;
}

Fields finding(const Finding& finding, Room& room, std::size_t limit) {
  std::vector<Fields> steps;
  for (const auto& evidence : finding.evidence | std::views::take(limit)) {
    const std::size_t bytes = evidence_size(evidence);
    if (bytes > room.bytes) break;
    room.bytes -= bytes;
    steps.push_back(step(evidence, room.language));
  }
  const bool short_one = is_short(finding);
  Fields fields;
  fields.flag("is_short", short_one)
      .flag("is_long", !short_one)
      .text("short_place", shown(place_of(finding), 300))
      .text("finding_message", shown(finding.message, 1'200))
      .flag("has_confidence", finding.confidence != grading::Confidence::high)
      .text("confidence",
            word(std::string(to_string(finding.confidence)) + " confidence", room.language));
  const std::size_t wanted = limit < steps_shown ? steps.size() : finding.evidence.size();
  add_rest(fields, "has_more_steps", "more_steps", wanted, steps.size(), "step", room.language);
  fields.flag("has_steps", !steps.empty()).list("steps", std::move(steps));
  return fields;
}

void add_findings(Fields& page, const Report& report, Room& room) {
  const auto violated = groups(report, Outcome::violated);
  std::vector<Fields> severities;
  for (const auto severity :
       {Severity::critical, Severity::high, Severity::medium, Severity::low, Severity::info}) {
    if (std::ranges::find(violated, severity, &Group::severity) != violated.end()) {
      severities.push_back(severity_fields(severity, violated, room));
    }
  }
  page.text("findings_count", word(counts(violated_checks(report)), report.language))
      .list("severities", std::move(severities));
}

void add_good(Fields& page, const Report& report) {
  std::vector<Fields> items;
  for (const auto* item : good_findings(report)) {
    const auto place = place_of(*item);
    items.emplace_back()
        .text("good_message", shown(item->message))
        .flag("has_good_place", !place.empty())
        .text("good_place", shown(place, 200));
  }
  page.flag("has_good", !items.empty()).list("good_items", std::move(items));
}

void add_open(Fields& page, const Report& report, Room& room) {
  std::vector<Fields> person;
  for (const auto& item : needs_person(report)) {
    person.emplace_back().text("person_item", shown(item, 1'200));
  }
  std::vector<Fields> causes;
  if (any_open(report, Cause::submission)) {
    causes.push_back(open_cause(report, Cause::submission,
                                "Because of the submission: earns nothing until a person decides",
                                room));
  }
  if (any_open(report, Cause::grader)) {
    causes.push_back(
        open_cause(report, Cause::grader, "By the grader’s fault: taken out of the total", room));
  }
  const bool needs = report.grade.needs_person || report.grade.band.empty();
  page.flag("has_open", needs || !person.empty() || !causes.empty())
      .flag("has_person", !person.empty())
      .list("person_items", std::move(person))
      .list("open_causes", std::move(causes));
}

}  // namespace grader::report::html
