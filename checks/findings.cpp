#include "checks/findings.hpp"

#include <algorithm>
#include <utility>

#include "grader/base/text.hpp"

namespace grader::checks {
namespace {

constexpr int most_lines = 12;
constexpr std::size_t longest_line = 400;

using grading::Cause;
using grading::Finding;
using grading::Outcome;

std::string quoted(const Facts& facts, const Location& at) {
  if (at.line == 0) return {};
  const auto text = facts.project.files.text(at.path);
  if (!text) return {};
  const auto lines = text::lines(*text);
  const int last = std::min(
      {std::max(at.end_line, at.line), at.line + most_lines - 1, static_cast<int>(lines.size())});
  std::string quote;
  for (int line = at.line; line <= last; ++line) {
    if (line > at.line) quote += '\n';
    quote += text::shorten(lines[static_cast<std::size_t>(line) - 1], longest_line);
  }
  return quote;
}

Finding made(Outcome outcome, std::string message) {
  Finding finding;
  finding.outcome = outcome;
  finding.message = std::move(message);
  return finding;
}

}  // namespace

grading::Evidence code(const Facts& facts, const Location& at, std::string note) {
  grading::Evidence evidence;
  evidence.location = at;
  evidence.quote = quoted(facts, at);
  evidence.note = std::move(note);
  return evidence;
}

std::vector<grading::Evidence> trace(const Facts& facts, const std::vector<project::Step>& steps) {
  std::vector<grading::Evidence> evidence;
  for (const auto& step : steps) evidence.push_back(code(facts, step.at, step.text));
  return evidence;
}

Finding violated(const Facts& facts, const Location& at, std::string message,
                 grading::Severity severity) {
  Finding finding = absent(std::move(message), severity);
  finding.evidence.push_back(code(facts, at));
  return finding;
}

Finding absent(std::string message, grading::Severity severity) {
  Finding finding = made(Outcome::violated, std::move(message));
  finding.severity = severity;
  return finding;
}

Finding met(std::string message, std::vector<grading::Evidence> evidence) {
  Finding finding = made(Outcome::met, std::move(message));
  finding.evidence = std::move(evidence);
  return finding;
}

Finding not_applicable(std::string message) {
  return made(Outcome::not_applicable, std::move(message));
}

Finding unclear(std::string message, std::vector<grading::Evidence> evidence) {
  Finding finding = made(Outcome::undetermined, std::move(message));
  finding.cause = Cause::submission;
  finding.evidence = std::move(evidence);
  return finding;
}

Finding not_looked_at(std::string message) {
  Finding finding = made(Outcome::undetermined, std::move(message));
  finding.cause = Cause::grader;
  return finding;
}

}  // namespace grader::checks
