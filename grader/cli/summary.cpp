#include "grader/cli/summary.hpp"

#include <fstream>
#include <nlohmann/json.hpp>

namespace grader::cli {
namespace {

constexpr std::uintmax_t largest_report = 64U << 20U;

std::string shown(const nlohmann::json& value) {
  if (value.is_string()) return value.get<std::string>();
  return value.is_null() ? "-" : value.dump();
}

}  // namespace

Result<Summary> read_summary(const std::filesystem::path& report) {
  std::error_code error;
  const auto size = std::filesystem::file_size(report, error);
  if (error) return fail(ErrorKind::usage, "there is no report", report.string());
  if (size > largest_report) {
    return fail(ErrorKind::usage, "the report is larger than 64 MiB", report.string());
  }
  std::ifstream file(report, std::ios::binary);
  const auto json = nlohmann::json::parse(file, nullptr, false);
  if (json.is_discarded() || !json.is_object() || !json.contains("score") ||
      !json["score"].is_object()) {
    return fail(ErrorKind::usage, "this is no report of the grader", report.string(),
                "remove it and grade again");
  }
  const auto& score = json["score"];
  const auto of = [&](const char* key) {
    return score.contains(key) ? shown(score[key]) : std::string("-");
  };
  return Summary{of("percent"), of("low"), of("high"), of("band"), of("basis")};
}

}  // namespace grader::cli
