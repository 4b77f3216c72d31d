#include "grader/project/distributions.hpp"

#include <algorithm>
#include <array>
#include <cctype>

namespace grader::project {

namespace {

struct Row {
  std::string_view import_name;
  std::string_view distribution;
};

constexpr auto rows = std::to_array<Row>({
#define IMPORT(import_name, distribution) {import_name, distribution},
#include "grader/project/distributions.def"
#undef IMPORT
});

}  // namespace

std::string_view distribution_of(std::string_view import_name) {
  const auto* const row = std::ranges::find(rows, import_name, &Row::import_name);
  return row == rows.end() ? std::string_view() : row->distribution;
}

std::string normalised_name(std::string_view requirement) {
  std::string name;
  for (const char c : requirement) {
    const auto byte = static_cast<unsigned char>(c);
    const bool separator = c == '-' || c == '_' || c == '.';
    if (!separator && std::isalnum(byte) == 0) break;
    if (separator && !name.empty() && name.back() != '-') name += '-';
    if (!separator) name += static_cast<char>(std::tolower(byte));
  }
  while (name.ends_with('-')) name.pop_back();
  return name;
}

}  // namespace grader::project
