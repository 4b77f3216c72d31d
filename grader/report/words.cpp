#include "grader/report/words.hpp"

#include <algorithm>
#include <ctime>
#include <ranges>

#include "grader/base/text.hpp"
#include "grader/report/language.hpp"

namespace grader::report {
namespace {

using grading::Cause;
using grading::Decimal;
using grading::Finding;
using grading::Grade;
using grading::Outcome;
using grading::SectionMark;

std::string formatted_time(std::int64_t time, const char* format) {
  const auto seconds = static_cast<std::time_t>(time);
  std::tm parts{};
  if (gmtime_r(&seconds, &parts) == nullptr) return "unknown";
  std::array<char, 64> buffer{};
  return {buffer.data(), std::strftime(buffer.data(), buffer.size(), format, &parts)};
}

std::vector<const grading::TrippedGate*> tripped(const Grade& grade) {
  std::vector<const grading::TrippedGate*> result;
  for (const auto& gate : grade.gates) {
    if (gate.tripped) result.push_back(&gate);
  }
  return result;
}

/// "60 to 100 %"; the last band ends at 100.
std::string band_range(const Grade& grade) {
  for (std::size_t i = 0; i < grade.bands.size(); ++i) {
    if (grade.bands[i].id != grade.band) continue;
    const Decimal end = i + 1 < grade.bands.size() ? grade.bands[i + 1].from : Decimal(100);
    return grading::to_string(grade.bands[i].from) + " to " + percent(end);
  }
  return {};
}

double share_of(const Decimal& points, const Decimal& possible) {
  if (possible <= 0) return 0;
  return std::clamp((points / possible).approximate(), 0.0, 1.0);
}

Decimal possible(const SectionMark& section) {
  const OpenPoints open = open_points(section);
  return section.maximum - open.grader - open.left_out;
}

std::string gate_sentence(const Grade& grade, const std::string& language) {
  const auto gates = tripped(grade);
  if (gates.empty()) return {};
  std::string sentence =
      said(gates.size() == 1 ? "One rule limits the result:" : "These rules limit the result:",
           language);
  for (const auto* gate : gates) {
    sentence += (gate == gates.front() ? " " : "; ") + said(gate->title, language) + " (" +
                said(gate->effect, language) + ")";
  }
  return " " + sentence + ".";
}

void add_open_checks(const Report& report, Cause cause, std::string_view why,
                     std::vector<std::string>& todo) {
  for (const auto& group : groups(report, Outcome::undetermined)) {
    const auto count = std::ranges::count(group.findings, cause, &Finding::cause);
    if (count == 0) continue;
    const auto places = plural(static_cast<std::size_t>(count), "place");
    todo.push_back(said("Not decided at " + places + ": «" + said(group.title(), report.language) +
                            "» (" + std::string(why) + ")",
                        report.language));
  }
}

bool says_nothing(std::string_view folder) {
  constexpr std::array<std::string_view, 8> names{"repo",   "repository", "bare", "mirror",
                                                  "source", "checkout",   ".",    ""};
  return std::ranges::find(names, folder) != names.end();
}

}  // namespace

std::string display_name(std::string_view source) {
  const auto scheme = source.find("://");
  const auto colon = source.find(':');
  const auto slash = source.find('/');
  const bool remote = (scheme != source.npos && !source.starts_with("file://")) ||
                      (scheme == source.npos && colon < slash);
  if (const auto end = source.find_first_of("?#"); remote) source = source.substr(0, end);
  if (scheme != source.npos) {
    source.remove_prefix(scheme + 3);
    if (remote) source.remove_prefix(std::min(source.find('/'), source.size()));
  } else if (remote) {
    source.remove_prefix(colon + 1);
  }
  std::vector<std::string> parts;
  for (auto part : text::split(source, '/')) {
    if (part.ends_with(".git")) part.remove_suffix(4);
    if (!says_nothing(part)) parts.emplace_back(part);
  }
  if (parts.empty()) return std::string(text::trim(source)).empty() ? "?" : std::string(source);
  if (remote && parts.size() > 1) return parts[parts.size() - 2] + "/" + parts.back();
  return text::replace_all(parts.back(), "+", "/");
}

std::string keep_until(const Report& report) {
  constexpr std::int64_t day = 86'400;
  return date(report.as_of + report.keep_days * day);
}

std::string date_in_words(const std::string& date, const std::string& language) {
  if (language != "ru" || date.size() != 10) return date;
  return date.substr(8) + "." + date.substr(5, 2) + "." + date.substr(0, 4);
}

std::string number_in_words(std::string number, const std::string& language) {
  return language == "ru" ? text::replace_all(std::move(number), ".", ",") : number;
}

std::string percent(const Decimal& value) { return grading::to_string(value) + " %"; }

std::string open_range(const Grade& grade) {
  if (grade.low == grade.high) return {};
  return grading::to_string(grade.low) + " to " + percent(grade.high);
}

std::string basis(const Grade& grade) {
  return grade.basis == "full" ? "reading the code and running it in a sandbox"
                               : "reading the code alone; it was not started";
}

Verdict verdict(const Report& report) {
  const Grade& grade = report.grade;
  const std::string range = open_range(grade);
  const auto& language = report.language;
  if (grade.needs_person || grade.band.empty()) {
    std::string sentence = "The automatic part stands at " + percent(grade.percent);
    if (!range.empty()) sentence += ", and open questions leave " + range + " possible";
    return {said("Needs a person", language),
            said(sentence + ".", language) + " " +
                said("A person has to decide what is listed below before this becomes a grade.",
                     language) +
                gate_sentence(grade, language)};
  }
  std::string sentence = "The submission earned " + percent(grade.percent) + " of the points";
  if (const auto limits = band_range(grade); !limits.empty()) {
    sentence += "; " + said(grade.band_title, language) + " is " + limits;
  }
  sentence = said(sentence + ".", language);
  if (!range.empty()) {
    sentence += " " + said("Open questions leave " + range + " possible, the same band.", language);
  }
  return {said(grade.band_title, language), sentence + gate_sentence(grade, language)};
}

OpenPoints open_points(const SectionMark& section) {
  OpenPoints open;
  for (const auto& mark : section.marks) {
    open.grader += mark.open_grader;
    open.submission += mark.open_submission;
    open.left_out += mark.left_out;
  }
  return open;
}

double share(const grading::Mark& mark) {
  return share_of(mark.points, mark.maximum - mark.open_grader - mark.left_out);
}

double share(const SectionMark& section) { return share_of(section.points, possible(section)); }

Ranking ranking(const Grade& grade) {
  constexpr std::size_t shown = 3;
  constexpr double half = 0.5;
  std::vector<const SectionMark*> sections;
  for (const auto& section : grade.sections) {
    if (possible(section) > 0) sections.push_back(&section);
  }
  std::ranges::stable_sort(sections, std::ranges::greater{},
                           [](const SectionMark* section) { return share(*section); });
  Ranking result;
  for (const auto* section : sections) {
    if (result.strongest.size() < shown && share(*section) >= half) {
      result.strongest.push_back(section);
    }
  }
  const auto used = static_cast<std::ptrdiff_t>(result.strongest.size());
  for (const auto* section : sections | std::views::drop(used) | std::views::reverse) {
    if (result.weakest.size() < shown && share(*section) < 1) result.weakest.push_back(section);
  }
  return result;
}

std::string Group::title() const { return rule != nullptr ? rule->title : check; }

std::vector<Group> groups(const Report& report, Outcome outcome) {
  std::vector<Group> result;
  for (const auto& finding : report.findings) {
    if (finding.outcome != outcome) continue;
    auto group = std::ranges::find(result, finding.check, &Group::check);
    if (group == result.end()) {
      const auto rule = std::ranges::find(report.rules, finding.check, &RuleText::id);
      result.push_back({rule == report.rules.end() ? nullptr : &*rule, finding.check, {}, {}});
      group = result.end() - 1;
    }
    group->findings.push_back(&finding);
    group->severity = std::max(group->severity, finding.severity);
  }
  for (auto& group : result) {
    std::ranges::stable_sort(group.findings, std::ranges::greater{}, &Finding::severity);
  }
  std::ranges::stable_sort(result, std::ranges::greater{}, &Group::severity);
  return result;
}

std::array<int, 5> violated_checks(const Report& report) {
  std::array<int, 5> result{};
  for (const auto& group : groups(report, Outcome::violated)) {
    ++result.at(static_cast<std::size_t>(group.severity));
  }
  return result;
}

std::string counts(const std::array<int, 5>& by_severity) {
  std::vector<std::string> parts;
  for (std::size_t i = by_severity.size(); i-- > 0;) {
    if (by_severity.at(i) == 0) continue;
    parts.push_back(std::to_string(by_severity.at(i)) + " " +
                    std::string(to_string(static_cast<grading::Severity>(i))));
  }
  return parts.empty() ? "none" : text::join(parts, ", ");
}

std::vector<std::string> needs_person(const Report& report) {
  std::vector<std::string> todo;
  for (const auto& gate : report.grade.gates) {
    const std::string title = said(gate.title, report.language);
    const std::string effect = said(gate.effect, report.language);
    if (gate.tripped && report.grade.needs_person)
      todo.push_back(text::join({title, effect}, ": "));
    if (!gate.tripped && gate.undecided) {
      todo.push_back(
          said(text::join({"Not decided: «", title, "» (it would mean: ", effect, ")"}, ""),
               report.language));
    }
  }
  add_open_checks(report, Cause::submission, "the code could not be followed", todo);
  add_open_checks(report, Cause::grader,
                  report.grade.basis == "full" ? "by the grader's fault, taken out of the total"
                                               : "only a run would tell; taken out of the total",
                  todo);
  if (report.rehearsal && report.rehearsal->tests && !report.rehearsal->tests->trusted) {
    todo.push_back(said("The test results are not trusted:", report.language) + " " +
                   said(report.rehearsal->tests->doubt, report.language));
  }
  return todo;
}

TestCounts test_counts(const sandbox::TestRun& run) {
  TestCounts result;
  for (const auto& test : run.cases) {
    using Status = sandbox::TestCase::Status;
    if (test.status == Status::passed) ++result.passed;
    if (test.status == Status::failed || test.status == Status::error) ++result.failed;
    if (test.status == Status::skipped) ++result.skipped;
  }
  return result;
}

std::string rung_title(const std::string& name) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 8> titles{{
      {"dependencies", "Dependencies install"},
      {"settings", "Settings load"},
      {"check", "Django's system check passes"},
      {"migrations", "Migrations match the models"},
      {"migrate", "The database is created"},
      {"serve", "The server answers"},
      {"routes", "Every page answers"},
      {"tests", "The candidate's tests run"},
  }};
  const auto* found =
      std::ranges::find(titles, std::string_view(name), &decltype(titles)::value_type::first);
  return found == titles.end() ? name : std::string(found->second);
}

std::string rung_outcome(const sandbox::Rung& rung) {
  using sandbox::RungCause;
  using sandbox::RungStatus;
  if (rung.status == RungStatus::failed) return "failed";
  if (rung.status == RungStatus::passed) {
    return rung.repairs.empty() ? "passed" : "passed after repairs";
  }
  if (rung.cause == RungCause::grader) return "not decided, by the grader's fault";
  if (rung.cause == RungCause::submission) return "not decided, because of the submission";
  return "not reached";
}

std::string date(std::int64_t time) { return formatted_time(time, "%Y-%m-%d"); }

std::string timestamp(std::int64_t time) { return formatted_time(time, "%Y-%m-%dT%H:%M:%SZ"); }

std::string excerpt(std::string_view bytes, std::size_t limit) {
  // A code point has at most 4 bytes: what is cut here lies behind the limit.
  return text::shorten(text::to_utf8(bytes.substr(0, 4 * (limit + 1))), limit);
}

std::string plural(std::size_t count, std::string_view noun) {
  return std::to_string(count) + " " + std::string(noun) + (count == 1 ? "" : "s");
}

}  // namespace grader::report
