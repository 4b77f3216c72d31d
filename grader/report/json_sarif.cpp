#include <map>
#include <nlohmann/json.hpp>

#include "grader/base/text.hpp"
#include "grader/report/formats.hpp"
#include "grader/report/json_values.hpp"
#include "grader/report/words.hpp"

namespace grader::report {
namespace {

using grading::Finding;
using grading::Outcome;
using grading::Severity;
using json::Json;

/// SARIF 2.1.0, 3.27.10: the four levels.
std::string_view level(const Finding& finding) {
  if (finding.outcome == Outcome::undetermined) return "note";
  switch (finding.severity) {
    case Severity::critical:
    case Severity::high:
      return "error";
    case Severity::medium:
      return "warning";
    case Severity::low:
    case Severity::info:
      return "note";
  }
  return "warning";
}

/// A path as a relative URI reference (RFC 3986): all but unreserved characters and '/' in percent
/// form.
std::string uri(std::string_view path) {
  constexpr std::string_view unreserved =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/";
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string out;
  for (const char c : path) {
    if (unreserved.find(c) != unreserved.npos) {
      out += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    out += '%';
    out += digits[byte >> 4U];
    out += digits[byte & 0xFU];
  }
  return out;
}

Json physical_location(const Location& location) {
  Json result = {{"artifactLocation", {{"uri", uri(location.path)}, {"uriBaseId", "SRCROOT"}}}};
  if (location.line <= 0) return result;
  Json region = {{"startLine", location.line}};
  if (location.column > 0) region["startColumn"] = location.column;
  if (location.end_line > location.line) region["endLine"] = location.end_line;
  result["region"] = std::move(region);
  return result;
}

Json location_of(const grading::Evidence& evidence) {
  Json result = {{"physicalLocation", physical_location(evidence.location)}};
  if (!evidence.note.empty()) result["message"] = {{"text", evidence.note}};
  return result;
}

/// Stays the same when lines are added above the place: rule, path, quoted text, and a number where
/// these are the same.
std::string fingerprint(const Finding& finding, std::map<std::string, int>& seen) {
  std::string key = finding.check;
  if (!finding.evidence.empty()) {
    const auto& first = finding.evidence.front();
    key += '\0' + first.location.path + '\0' + first.quote;
  } else {
    key += '\0' + finding.message;
  }
  const int number = seen[key]++;
  return text::sha256(key + '\0' + std::to_string(number)).substr(0, 32);
}

Json result_of(const Finding& finding, std::size_t rule_index, const std::string& print) {
  const bool open = finding.outcome == Outcome::undetermined;
  Json result = {{"ruleId", finding.check},
                 {"ruleIndex", rule_index},
                 {"kind", open ? "open" : "fail"},
                 {"level", open ? "none" : level(finding)},
                 {"message", {{"text", finding.message}}}};
  Json steps = Json::array();
  for (const auto& evidence : finding.evidence) {
    if (!evidence.location.path.empty()) steps.push_back(location_of(evidence));
  }
  if (!steps.empty()) {
    result["locations"] = Json::array({steps[0]});
    steps.erase(0);
  }
  if (!steps.empty()) result["relatedLocations"] = std::move(steps);
  result["partialFingerprints"] = {{"graderFinding/v1", print}};
  result["properties"] = {{"severity", to_string(finding.severity)},
                          {"confidence", to_string(finding.confidence)}};
  return result;
}

Json rule_of(const std::string& id, const Report& report) {
  Json result = {{"id", id}};
  for (const auto& rule : report.rules) {
    if (rule.id != id) continue;
    if (!rule.title.empty()) result["shortDescription"] = {{"text", rule.title}};
    if (!rule.why.empty()) result["fullDescription"] = {{"text", rule.why}};
    if (!rule.fix.empty()) result["help"] = {{"text", rule.fix}};
    break;
  }
  return result;
}

}  // namespace

std::string to_sarif(const Report& report) {
  Json results = Json::array();
  Json rules = Json::array();
  std::map<std::string, std::size_t> index;
  std::map<std::string, int> seen;
  for (const auto& finding : report.findings) {
    if (finding.outcome != Outcome::violated && finding.outcome != Outcome::undetermined) continue;
    const auto [rule, added] = index.try_emplace(finding.check, index.size());
    if (added) rules.push_back(rule_of(finding.check, report));
    results.push_back(result_of(finding, rule->second, fingerprint(finding, seen)));
  }
  Json driver = {{"name", "grader"}, {"version", GRADER_VERSION}, {"rules", std::move(rules)}};
  Json run = {{"tool", {{"driver", std::move(driver)}}},
              {"columnKind", "unicodeCodePoints"},
              {"results", std::move(results)}};
  const Json document = {{"$schema", "https://json.schemastore.org/sarif-2.1.0.json"},
                         {"version", "2.1.0"},
                         {"runs", Json::array({std::move(run)})}};
  return json::dump(document);
}

}  // namespace grader::report
