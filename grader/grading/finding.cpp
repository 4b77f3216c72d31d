#include "grader/grading/finding.hpp"

#include <array>
#include <cstddef>

namespace grader::grading {
namespace {

/// The one that decides when findings of a check differ has the higher rank.
int rank(Outcome outcome) {
  switch (outcome) {
    case Outcome::not_applicable:
      return 0;
    case Outcome::met:
      return 1;
    case Outcome::undetermined:
      return 2;
    case Outcome::violated:
      return 3;
  }
  return 2;
}

template <typename Enum, std::size_t size>
std::string_view name_of(Enum value, const std::array<std::string_view, size>& names) {
  const auto index = static_cast<std::size_t>(value);
  return index < size ? names[index] : "invalid";
}

}  // namespace

Outcome combined(const std::vector<Finding>& findings, std::string_view check) {
  const Finding* strongest = nullptr;
  for (const auto& finding : findings) {
    if (finding.check != check) continue;
    if (strongest == nullptr || rank(finding.outcome) > rank(strongest->outcome)) {
      strongest = &finding;
    }
  }
  return strongest == nullptr ? Outcome::undetermined : strongest->outcome;
}

std::string_view to_string(Outcome outcome) {
  return name_of(outcome, std::to_array<std::string_view>(
                              {"met", "violated", "not_applicable", "undetermined"}));
}

std::string_view to_string(Cause cause) {
  return name_of(cause, std::to_array<std::string_view>({"none", "grader", "submission"}));
}

std::string_view to_string(Severity severity) {
  return name_of(severity,
                 std::to_array<std::string_view>({"info", "low", "medium", "high", "critical"}));
}

std::string_view to_string(Confidence confidence) {
  return name_of(confidence, std::to_array<std::string_view>({"low", "medium", "high"}));
}

}  // namespace grader::grading
