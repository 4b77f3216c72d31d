#include <algorithm>
#include <vector>

#include "grader/base/text.hpp"
#include "grader/report/encoded.hpp"
#include "grader/report/formats.hpp"
#include "grader/report/words.hpp"

namespace grader::report {
namespace {

using grading::Finding;
using grading::Outcome;

/// A check and all that it said.
struct Case {
  std::string check;
  std::vector<const Finding*> findings;
  Outcome outcome = Outcome::met;
};

std::vector<Case> cases_of(const Report& report) {
  std::vector<Case> cases;
  for (const auto& finding : report.findings) {
    auto found = std::ranges::find(cases, finding.check, &Case::check);
    if (found == cases.end()) {
      cases.push_back({finding.check, {}, grading::combined(report.findings, finding.check)});
      found = cases.end() - 1;
    }
    found->findings.push_back(&finding);
  }
  return cases;
}

/// "path:line: message" of each finding that decided the case, a line each.
std::string details(const Case& item) {
  std::string text;
  for (const auto* finding : item.findings) {
    if (finding->outcome != item.outcome) continue;
    const std::string place = place_of(*finding);
    text += (place.empty() ? "" : place + ": ") + finding->message + "\n";
  }
  return text;
}

XmlText attribute(Markup name, std::string_view value) {
  return " " + (name + ("=\"" + Xml::text(value) + "\""));
}

XmlText element(const Case& item) {
  const auto dot = item.check.find('.');
  const std::string name = dot == item.check.npos ? item.check : item.check.substr(dot + 1);
  const XmlText open =
      "  <testcase" + attribute("classname", item.check.substr(0, dot)) + attribute("name", name);
  const XmlText text = Xml::text(details(item));
  switch (item.outcome) {
    case Outcome::met:
      return open + "/>\n";
    case Outcome::violated:
      return open + ">\n    <failure message=\"violated\">" + text + "</failure>\n  </testcase>\n";
    case Outcome::undetermined:
      return open + ">\n    <skipped message=\"undetermined\"/>\n    <system-out>" + text +
             "</system-out>\n  </testcase>\n";
    case Outcome::not_applicable:
      return open + ">\n    <skipped message=\"not applicable\"/>\n  </testcase>\n";
  }
  return open + "/>\n";
}

}  // namespace

std::string to_junit(const Report& report) {
  const auto cases = cases_of(report);
  const auto violated = std::ranges::count(cases, Outcome::violated, &Case::outcome);
  const auto met = std::ranges::count(cases, Outcome::met, &Case::outcome);
  XmlText out("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuite");
  out += attribute("name", "grader") + attribute("tests", std::to_string(cases.size())) +
         attribute("failures", std::to_string(violated)) + attribute("errors", "0") +
         attribute("skipped", std::to_string(std::ssize(cases) - violated - met)) + ">\n";
  for (const auto& item : cases) out += element(item);
  out += "</testsuite>\n";
  return out.bytes();
}

}  // namespace grader::report
