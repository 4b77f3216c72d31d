#include "grader/report/annotations.hpp"

#include "grader/base/text.hpp"
#include "grader/report/encoded.hpp"
#include "grader/report/words.hpp"

namespace grader::report {
namespace {

constexpr std::size_t most = 50;
constexpr std::size_t message_limit = 600;

/// A line that GitHub's runner reads as a command.
struct Workflow {
  /// Any text behind the second "::" of a command.
  static Encoded<Workflow> data(std::string_view raw) {
    std::string text = text::printable(text::to_utf8(excerpt(raw, message_limit)));
    text = text::replace_all(std::move(text), "%", "%25");
    text = text::replace_all(std::move(text), "\r", "%0D");
    return Encoded<Workflow>::encoded(text::replace_all(std::move(text), "\n", "%0A"));
  }
  /// Any text as the value of a property, file=… for one.
  static Encoded<Workflow> property(std::string_view raw) {
    std::string text = data(raw).bytes();
    text = text::replace_all(std::move(text), ":", "%3A");
    return Encoded<Workflow>::encoded(text::replace_all(std::move(text), ",", "%2C"));
  }
};

using WorkflowText = Encoded<Workflow>;

Markup command(grading::Severity severity) {
  if (severity >= grading::Severity::high) return "::error file=";
  return severity == grading::Severity::medium ? Markup("::warning file=")
                                               : Markup("::notice file=");
}

WorkflowText line(const Group& group, const grading::Finding& finding) {
  const Location& at = finding.evidence.front().location;
  WorkflowText out = command(finding.severity) + Workflow::property(at.path);
  if (at.line > 0) {
    out += ",line=";
    out += at.line;
  }
  out += ",title=" + Workflow::property(group.title()) + "::" + Workflow::data(finding.message);
  return out + "\n";
}

}  // namespace

std::string to_annotations(const Report& report) {
  WorkflowText out;
  std::size_t count = 0;
  for (const auto& group : groups(report, grading::Outcome::violated)) {
    for (const auto* finding : group.findings) {
      if (finding->evidence.empty() || finding->evidence.front().location.path.empty()) continue;
      if (count++ == most) return out.bytes();
      out += line(group, *finding);
    }
  }
  return out.bytes();
}

}  // namespace grader::report
