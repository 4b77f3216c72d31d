#include "grader/report/stored.hpp"

#include <array>
#include <nlohmann/json.hpp>
#include <optional>

#include "grader/report/json_values.hpp"

namespace grader::report {
namespace {

using json::Json;

constexpr std::string_view schema = "grader-report/1";
constexpr std::size_t max_findings = 200'000;

std::string text_of(const Json& map, const char* key) {
  const auto found = map.find(key);
  return found != map.end() && found->is_string() ? found->get<std::string>() : std::string();
}

int number_of(const Json& map, const char* key) {
  const auto found = map.find(key);
  if (found == map.end() || !found->is_number_integer()) return 0;
  const auto value = found->get<std::int64_t>();
  return value < 0 || value > 1'000'000'000 ? 0 : static_cast<int>(value);
}

/// The value of an enumeration by its name in reports, or nothing.
template <typename Enum, std::size_t N>
std::optional<Enum> named(const std::array<Enum, N>& values, const std::string& name) {
  for (const auto value : values) {
    if (to_string(value) == name) return value;
  }
  return std::nullopt;
}

std::optional<grading::Finding> finding_of(const Json& item) {
  using grading::Cause;
  using grading::Outcome;
  using grading::Severity;
  if (!item.is_object()) return std::nullopt;
  grading::Finding result;
  result.check = text_of(item, "check");
  result.message = text_of(item, "message");
  const auto outcome = named(
      std::array{Outcome::met, Outcome::violated, Outcome::not_applicable, Outcome::undetermined},
      text_of(item, "outcome"));
  const auto severity = named(std::array{Severity::info, Severity::low, Severity::medium,
                                         Severity::high, Severity::critical},
                              text_of(item, "severity"));
  if (result.check.empty() || !outcome || !severity) return std::nullopt;
  result.outcome = *outcome;
  result.severity = *severity;
  result.cause = named(std::array{Cause::grader, Cause::submission}, text_of(item, "cause"))
                     .value_or(Cause::none);
  if (const int count = number_of(item, "count"); count > 1) result.count = count;
  const auto evidence = item.find("evidence");
  if (evidence == item.end() || !evidence->is_array() || evidence->empty()) return result;
  const auto& first = evidence->front();
  const auto at = first.is_object() ? first.find("at") : first.end();
  grading::Evidence& place = result.evidence.emplace_back();
  if (first.is_object() && at != first.end() && at->is_object()) {
    place.location = {text_of(*at, "path"), number_of(*at, "line"), 0, 0};
  }
  return result;
}

Error broken(const std::string& where, std::string what) {
  return {ErrorKind::usage, std::move(what), where, "grade the submission again"};
}

Result<Json> parsed(std::string_view text, const std::string& where) {
  auto document = Json::parse(text, nullptr, false);
  if (document.is_discarded() || !document.is_object() || !document.contains("schema")) {
    return tl::unexpected(broken(where, "this is no report of the grader, or it was cut"));
  }
  if (text_of(document, "schema") != schema) {
    return fail(ErrorKind::usage,
                "the report has the schema " + text_of(document, "schema").substr(0, 40) +
                    ", this program reads " + std::string(schema),
                where, "use the program that wrote it");
  }
  for (const char* key : {"findings", "score", "submission", "rubric", "sections"}) {
    if (!document.contains(key)) {
      return tl::unexpected(broken(where, std::string("the report has no ") + key));
    }
  }
  return document;
}

Result<std::vector<grading::Override>> overrides_of(const Json& document,
                                                    const std::string& where) {
  std::vector<grading::Override> result;
  const auto ledger = document.find("overrides");
  if (ledger == document.end() || !ledger->is_array()) return result;
  for (const auto& item : *ledger) {
    const auto points = item.is_object() ? grading::parse_decimal(text_of(item, "points"))
                                         : Result<grading::Decimal>(grading::Decimal());
    if (!item.is_object() || !points) {
      return tl::unexpected(broken(where, "the ledger of overrides cannot be read"));
    }
    result.push_back(
        {text_of(item, "criterion"), *points, text_of(item, "by"), text_of(item, "why")});
  }
  return result;
}

}  // namespace

Result<Stored> read_stored(std::string_view text, const std::string& where) {
  const auto document = parsed(text, where);
  if (!document) return tl::unexpected(document.error());
  const auto& findings = (*document)["findings"];
  const auto& score = (*document)["score"];
  if (!findings.is_array() || findings.size() > max_findings || !score.is_object()) {
    return tl::unexpected(broken(where, "the findings of the report cannot be read"));
  }
  Stored result;
  for (const auto& item : findings) {
    auto finding = finding_of(item);
    if (!finding) return tl::unexpected(broken(where, "a finding of the report cannot be read"));
    result.findings.push_back(std::move(*finding));
  }
  const auto basis = text_of(score, "basis");
  if (basis != "full" && basis != "static") {
    return tl::unexpected(broken(where, "the report does not say what it rests on"));
  }
  result.basis.full = basis == "full";
  const auto lint = document->find("lint");
  if (lint != document->end() && lint->is_object()) result.basis.lines = number_of(*lint, "lines");
  result.source = text_of((*document)["submission"], "source");
  result.rubric = text_of((*document)["rubric"], "id");
  result.band = text_of(score, "band_title");
  const auto percent = score.find("percent");
  if (percent != score.end() && percent->is_number()) result.percent = percent->dump();
  auto overrides = overrides_of(*document, where);
  if (!overrides) return tl::unexpected(overrides.error());
  result.overrides = std::move(*overrides);
  return result;
}

Result<std::string> with_grade(std::string_view text, const grading::Grade& grade,
                               const std::vector<grading::Override>& overrides,
                               const std::string& where) {
  auto document = parsed(text, where);
  if (!document) return tl::unexpected(document.error());
  (*document)["score"] = json::score(grade);
  (*document)["sections"] = json::sections(grade);
  Json ledger = Json::array();
  for (const auto& one : overrides) {
    ledger.push_back({{"criterion", one.criterion},
                      {"points", grading::to_string(one.points, 6)},
                      {"by", one.by},
                      {"why", one.why}});
  }
  (*document)["overrides"] = std::move(ledger);
  return json::dump(*document);
}

}  // namespace grader::report
