#include "grader/report/json_values.hpp"

#include <cstdlib>
#include <map>
#include <nlohmann/json.hpp>

#include "grader/base/text.hpp"

namespace grader::report::json {
namespace {

std::string_view kind_name(grading::Evidence::Kind kind) {
  using Kind = grading::Evidence::Kind;
  switch (kind) {
    case Kind::code:
      return "code";
    case Kind::commit:
      return "commit";
    case Kind::exchange:
      return "exchange";
    case Kind::tool:
      return "tool";
  }
  return "code";
}

Json evidence(const grading::Evidence& evidence) {
  Json result = {{"kind", kind_name(evidence.kind)}};
  if (!evidence.location.path.empty()) result["at"] = place(evidence.location);
  if (!evidence.commit.empty()) result["commit"] = evidence.commit;
  if (!evidence.quote.empty()) result["quote"] = evidence.quote;
  if (!evidence.note.empty()) result["note"] = evidence.note;
  return result;
}

Json mark(const grading::Mark& mark) {
  return {{"id", mark.criterion},
          {"title", mark.title},
          {"points", number(mark.points)},
          {"open_grader", number(mark.open_grader)},
          {"open_submission", number(mark.open_submission)},
          {"left_out", number(mark.left_out)},
          {"maximum", number(mark.maximum)},
          {"reasons", strings(mark.reasons)},
          {"checks", strings(mark.checks)}};
}

Json ledger(const std::vector<grading::LedgerEntry>& entries) {
  Json result = Json::array();
  for (const auto& entry : entries) {
    result.push_back({{"id", entry.id}, {"title", entry.title}, {"points", number(entry.points)}});
  }
  return result;
}

constexpr bool is_plain(char byte) {
  return (byte >= 0x20 && byte < 0x7F && byte != '#') || byte == '\n';
}

/// Strings alone can hold what is escaped here; printable()'s "\x9b" is "\u009b" in JSON.
std::string escape_controls(std::string_view document) {
  std::string out;
  out.reserve(document.size() + document.size() / 8);
  for (std::size_t i = 0; i < document.size();) {
    const std::size_t begin = i;
    while (i < document.size() && is_plain(document[i])) ++i;
    out += document.substr(begin, i - begin);
    if (i == document.size()) break;
    if (document[i] == '#') {
      // "##[…]" is a command to some CI servers that print this.
      out += i > 0 && document[i - 1] == '#' ? "\\u0023" : "#";
      ++i;
      continue;
    }
    const std::size_t special = i;
    while (i < document.size() && !is_plain(document[i]) && document[i] != '#') ++i;
    const auto bytes = document.substr(special, i - special);
    std::string shown = text::printable(bytes);
    // What is shown as it is has no backslash.
    out += shown == bytes ? shown : text::replace_all(std::move(shown), "\\x", "\\u00");
  }
  return out;
}

}  // namespace

Json number(const grading::Decimal& value) {
  constexpr int places = 6;
  const std::string text = grading::to_string(value, places);
  if (text.find('.') == text.npos) return std::strtoll(text.c_str(), nullptr, 10);
  return std::strtod(text.c_str(), nullptr);
}

Json strings(const std::vector<std::string>& values) {
  Json result = Json::array();
  for (const auto& value : values) result.push_back(value);
  return result;
}

Json place(const Location& location) {
  Json result = {{"path", location.path}};
  if (location.line > 0) result["line"] = location.line;
  if (location.column > 0) result["column"] = location.column;
  if (location.end_line > 0) result["end_line"] = location.end_line;
  return result;
}

Json finding(const grading::Finding& finding) {
  Json result = {{"check", finding.check},
                 {"outcome", to_string(finding.outcome)},
                 {"severity", to_string(finding.severity)},
                 {"confidence", to_string(finding.confidence)}};
  if (finding.outcome == grading::Outcome::undetermined) result["cause"] = to_string(finding.cause);
  if (finding.count > 1) result["count"] = finding.count;
  result["message"] = finding.message;
  result["evidence"] = Json::array();
  for (const auto& item : finding.evidence) result["evidence"].push_back(evidence(item));
  return result;
}

Json rules(const std::vector<RuleText>& rules) {
  Json result = Json::array();
  for (const auto& rule : rules) {
    result.push_back({{"id", rule.id},
                      {"title", rule.title},
                      {"why", rule.why},
                      {"fix", rule.fix},
                      {"reference", rule.reference}});
  }
  return result;
}

Json score(const grading::Grade& grade) {
  return {{"percent", number(grade.percent)},
          {"low", number(grade.low)},
          {"high", number(grade.high)},
          {"band", grade.band.empty() ? Json(nullptr) : Json(grade.band)},
          {"band_title", grade.band_title},
          {"needs_person", grade.needs_person},
          {"basis", grade.basis},
          {"bonus", ledger(grade.bonus)},
          {"penalties", ledger(grade.penalties)}};
}

Json sections(const grading::Grade& grade) {
  Json result = Json::array();
  for (const auto& section : grade.sections) {
    Json criteria = Json::array();
    for (const auto& item : section.marks) criteria.push_back(mark(item));
    result.push_back({{"id", section.id},
                      {"title", section.title},
                      {"points", number(section.points)},
                      {"maximum", number(section.maximum)},
                      {"criteria", std::move(criteria)}});
  }
  return result;
}

Json gates(const grading::Grade& grade) {
  Json result = Json::array();
  for (const auto& gate : grade.gates) {
    Json items = Json::array();
    for (const auto& item : gate.evidence) items.push_back(finding(item));
    Json entry = {{"id", gate.id},
                  {"title", gate.title},
                  {"effect", gate.effect},
                  {"tripped", gate.tripped},
                  {"undecided", gate.undecided}};
    if (gate.undecided) entry["cause"] = to_string(gate.cause);
    entry["evidence"] = std::move(items);
    result.push_back(std::move(entry));
  }
  return result;
}

Json lint(const sandbox::LintReport& lint) {
  std::map<std::pair<std::string, std::string>, int> by_code;
  for (const auto& remark : lint.remarks) ++by_code[{remark.tool, remark.code}];
  Json codes = Json::array();
  for (const auto& [key, count] : by_code) {
    codes.push_back({{"tool", key.first}, {"code", key.second}, {"count", count}});
  }
  Json result = {{"tools", strings(lint.tools)},
                 {"files", lint.files},
                 {"lines", lint.lines},
                 {"remarks", lint.remarks.size()},
                 {"codes", std::move(codes)}};
  if (!lint.problem.empty()) result["problem"] = lint.problem;
  return result;
}

std::string dump(const Json& document) {
  return escape_controls(document.dump(2, ' ', false, Json::error_handler_t::replace)) + "\n";
}

}  // namespace grader::report::json
