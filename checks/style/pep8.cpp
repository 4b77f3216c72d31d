#include <algorithm>
#include <charconv>
#include <map>

#include "checks/findings.hpp"
#include "grader/base/text.hpp"

namespace grader::checks::style {
namespace {

using grading::Severity;
using sandbox::LintRemark;

/// Remarks in 100 lines: up to here a slip, above it a habit.
constexpr double slips = 2.0;
constexpr double habit = 6.0;
constexpr std::size_t most_examples = 6;
/// PEP 8 lets a team agree on up to 99 characters.
constexpr int longest_line = 99;

/// "line too long (104 > 79 characters)" → 104.
int length_of(std::string_view message) {
  const auto open = message.find('(');
  int length = 0;
  if (open != message.npos) {
    std::from_chars(message.data() + open + 1, message.data() + message.size(), length);
  }
  return length;
}

/// True for what the candidate wrote and the style guide is clear about.
bool counts(const LintRemark& remark) {
  const auto& code = remark.code;
  if (remark.tool != "pycodestyle" || code.starts_with("E9")) return false;
  if (code == "W503" || code == "W504" || code == "E203" || code == "E226") return false;
  if (("/" + remark.at.path).find("/migrations/") != std::string::npos) return false;
  return code != "E501" || length_of(remark.message) > longest_line;
}

/// "trailing whitespace (W291) 12 times, …", the most frequent first.
std::string summary(const std::vector<const LintRemark*>& remarks) {
  std::map<std::string, std::pair<int, std::string>> kinds;
  for (const auto* remark : remarks) {
    auto& [count, text] = kinds[remark->code];
    ++count;
    text = remark->message.substr(0, remark->message.find(" ("));
  }
  std::vector<std::pair<int, std::string>> ranked;
  for (const auto& [code, kind] : kinds) {
    ranked.emplace_back(kind.first, text::shorten(text::printable(kind.second), 60) + " (" + code +
                                        ") " + std::to_string(kind.first) + " times");
  }
  std::ranges::sort(ranked, std::ranges::greater{}, [](const auto& one) { return one.first; });
  std::string words;
  for (std::size_t i = 0; i < std::min<std::size_t>(ranked.size(), 4); ++i) {
    words += (i == 0 ? "" : ", ") + ranked[i].second;
  }
  return words;
}

std::vector<grading::Finding> run(const Facts& facts) {
  if (facts.lint == nullptr) return {not_looked_at("The style tools were not run.")};
  if (!facts.lint->problem.empty()) return {not_looked_at(facts.lint->problem)};
  if (facts.lint->lines == 0) return {not_applicable("There is no Python code.")};
  std::vector<const LintRemark*> remarks;
  for (const auto& remark : facts.lint->remarks) {
    if (counts(remark)) remarks.push_back(&remark);
  }
  const double density = 100.0 * static_cast<double>(remarks.size()) / facts.lint->lines;
  const std::string figure = std::to_string(remarks.size()) + " remarks in " +
                             std::to_string(facts.lint->lines) + " lines";
  if (density <= slips) return {met("PEP 8 is kept: " + figure + ".")};
  auto finding = absent("PEP 8 is not kept: " + figure + ". Most of all: " + summary(remarks) + ".",
                        density <= habit ? Severity::low : Severity::medium);
  finding.count = static_cast<int>(remarks.size());
  for (std::size_t i = 0; i < std::min(remarks.size(), most_examples); ++i) {
    finding.evidence.push_back(
        code(facts, remarks[i]->at, remarks[i]->code + " " + remarks[i]->message));
  }
  return {finding};
}

}  // namespace

extern constinit const Check pep8{
    .title = "The code does not keep to PEP 8",
    .why = "Code that looks the same everywhere is read faster, and mistakes stand out in it.",
    .fix =
        "Let a tool do it: run black or ruff format, and look at pycodestyle's remarks. See "
        "https://docs.djangoproject.com/en/stable/internals/contributing/writing-code/"
        "coding-style/",
    .reference = "https://peps.python.org/pep-0008/",
    .severity = Severity::low,
    .run = run,
};

}  // namespace grader::checks::style
