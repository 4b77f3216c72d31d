#include "grader/report/read_values.hpp"

#include <array>
#include <charconv>
#include <ctime>
#include <nlohmann/json.hpp>

#include "grader/base/text.hpp"

namespace grader::report::json {
namespace {

constexpr std::int64_t largest_number = 1'000'000'000;

/// The value of an enumeration by its name in reports, or nothing.
template <typename Enum, std::size_t N>
std::optional<Enum> named(const std::array<Enum, N>& values, const std::string& name) {
  for (const auto value : values) {
    if (to_string(value) == name) return value;
  }
  return std::nullopt;
}

grading::Evidence::Kind kind_of(const std::string& name) {
  using Kind = grading::Evidence::Kind;
  if (name == "commit") return Kind::commit;
  if (name == "exchange") return Kind::exchange;
  if (name == "tool") return Kind::tool;
  return Kind::code;
}

grading::Evidence read_evidence(const Json& item) {
  grading::Evidence result;
  result.kind = kind_of(text_at(item, "kind"));
  result.location = place_at(item, "at");
  result.commit = text_at(item, "commit");
  result.quote = text_at(item, "quote");
  result.note = text_at(item, "note");
  return result;
}

}  // namespace

const Json& member(const Json& map, const char* key) {
  static const Json none;
  const auto found = map.is_object() ? map.find(key) : map.end();
  return map.is_object() && found != map.end() ? *found : none;
}

std::vector<const Json*> elements(const Json& list, std::size_t most) {
  std::vector<const Json*> result;
  if (!list.is_array()) return result;
  for (const auto& item : list) {
    if (result.size() == most) break;
    result.push_back(&item);
  }
  return result;
}

std::string text_at(const Json& map, const char* key) {
  const Json& value = member(map, key);
  return value.is_string() ? value.get<std::string>() : std::string();
}

bool flag_at(const Json& map, const char* key, bool otherwise) {
  return decided_at(map, key).value_or(otherwise);
}

std::optional<bool> decided_at(const Json& map, const char* key) {
  const Json& value = member(map, key);
  return value.is_boolean() ? std::optional(value.get<bool>()) : std::nullopt;
}

int number_at(const Json& map, const char* key) {
  const Json& value = member(map, key);
  if (!value.is_number_integer()) return 0;
  const auto number = value.get<std::int64_t>();
  return number < 0 || number > largest_number ? 0 : static_cast<int>(number);
}

grading::Decimal decimal_at(const Json& map, const char* key) {
  const Json& value = member(map, key);
  if (!value.is_number()) return {};
  return grading::parse_decimal(value.dump()).value_or(grading::Decimal());
}

std::vector<std::string> strings_at(const Json& map, const char* key) {
  std::vector<std::string> result;
  for (const auto* item : elements(member(map, key))) {
    if (item->is_string()) result.push_back(item->get<std::string>());
  }
  return result;
}

Location place_at(const Json& map, const char* key) {
  const Json& place = member(map, key);
  return {text_at(place, "path"), number_at(place, "line"), number_at(place, "column"),
          number_at(place, "end_line")};
}

Location short_place(const std::string& text) {
  const auto colon = text.rfind(':');
  int line = 0;
  if (colon != text.npos) {
    const char* const end = text.data() + text.size();
    const auto read = std::from_chars(text.data() + colon + 1, end, line);
    if (read.ec == std::errc() && read.ptr == end && line > 0) {
      return {text.substr(0, colon), line, 0, 0};
    }
  }
  return {text, 0, 0, 0};
}

std::int64_t time_at(const Json& map, const char* key) {
  std::tm parts{};
  const std::string text = text_at(map, key);
  if (strptime(text.c_str(), "%Y-%m-%dT%H:%M:%SZ", &parts) == nullptr) return 0;
  return timegm(&parts);
}

std::optional<grading::Finding> read_finding(const Json& item) {
  using grading::Cause;
  using grading::Confidence;
  using grading::Outcome;
  using grading::Severity;
  grading::Finding result;
  result.check = text_at(item, "check");
  result.message = text_at(item, "message");
  const auto outcome = named(
      std::array{Outcome::met, Outcome::violated, Outcome::not_applicable, Outcome::undetermined},
      text_at(item, "outcome"));
  const auto severity = named(std::array{Severity::info, Severity::low, Severity::medium,
                                         Severity::high, Severity::critical},
                              text_at(item, "severity"));
  if (result.check.empty() || !outcome || !severity) return std::nullopt;
  result.outcome = *outcome;
  result.severity = *severity;
  result.confidence = named(std::array{Confidence::low, Confidence::medium, Confidence::high},
                            text_at(item, "confidence"))
                          .value_or(Confidence::high);
  result.cause = named(std::array{Cause::grader, Cause::submission}, text_at(item, "cause"))
                     .value_or(Cause::none);
  if (const int count = number_at(item, "count"); count > 1) result.count = count;
  for (const auto* one : elements(member(item, "evidence"))) {
    result.evidence.push_back(read_evidence(*one));
  }
  return result;
}

bool read_findings(const Json& list, std::vector<grading::Finding>& findings) {
  for (const auto* item : elements(list)) {
    auto finding = read_finding(*item);
    if (!finding) return false;
    findings.push_back(std::move(*finding));
  }
  return true;
}

}  // namespace grader::report::json
