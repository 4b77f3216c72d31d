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
  const int last = std::min(std::max(at.end_line, at.line), at.line + most_lines - 1);
  const auto lines = text::lines(*text, static_cast<std::size_t>(last));
  std::string quote;
  for (int line = at.line; line <= last && line <= static_cast<int>(lines.size()); ++line) {
    if (line > at.line) quote += '\n';
    quote += text::shorten(lines[static_cast<std::size_t>(line) - 1], longest_line);
  }
  return quote;
}

/// Every text between quotes hidden, whichever quotes; line by line, for a text may be cut.
std::string without_texts(std::string_view quote) {
  std::string out;
  for (std::size_t i = 0; i < quote.size(); ++i) {
    out += quote[i];
    if (quote[i] != '"' && quote[i] != '\'') continue;
    const auto end = quote.find_first_of(std::string{quote[i], '\n'}, i + 1);
    if (end == quote.npos || quote[end] == '\n') {
      out += "…";
      if (end == quote.npos) return out;
    } else if (end > i + 1) {
      out += "…";
    }
    out += quote[end];
    i = end;
  }
  return out;
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

std::string masked(const Facts& facts, std::string_view secret) {
  const auto& commits = facts.history.commits;
  return text::mask(secret, commits.empty() ? std::string_view() : commits.front().oid);
}

grading::Evidence code_without(const Facts& facts, const Location& at, std::string_view secret,
                               std::string note) {
  grading::Evidence evidence = code(facts, at, std::move(note));
  std::string& quote = evidence.quote;
  if (!secret.empty() && quote.find(secret) != std::string::npos) {
    quote = text::replace_all(std::move(quote), secret, masked(facts, secret));
  } else {
    quote = without_texts(quote);
  }
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
