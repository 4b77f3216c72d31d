#include "tests/conformance/cache.hpp"

#include <charconv>
#include <filesystem>
#include <fstream>
#include <string_view>
#include <system_error>

#include "grader/base/text.hpp"

namespace grader::conformance {

namespace {

int number(std::string_view digits) {
  int value = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), value);
  return value;
}

}  // namespace

Cache::Cache(std::string folder, std::string top)
    : folder_(std::move(folder)),
      top_(std::move(top)),
      program_(text::sha256(read_file("/proc/self/exe"))) {
  std::error_code none;
  std::filesystem::create_directories(folder_, none);
}

std::string Cache::entry(const Unit& unit) const {
  std::string key = program_ + "\n" + unit.file;
  for (const auto& argument : unit.arguments) key += "\n" + argument;
  return folder_ + "/" + text::sha256(key).substr(0, 32);
}

std::string Cache::digest_of(const std::string& relative) const {
  return text::sha256(read_file(top_ + "/" + relative));
}

// One line a fact, fields separated by tabs: R(ead file), F(unction), U(ndocumented), and E for the
// end, so that a file cut short by a full disk is no answer.
std::optional<Observed> Cache::find(const Unit& unit) const {
  const std::string bytes = read_file(entry(unit));
  if (!bytes.ends_with("\nE\n")) return {};
  Observed observed;
  for (const auto line : text::lines(bytes)) {
    const auto fields = text::split(line, '\t');
    const auto field = [&](std::size_t i) { return std::string(fields[i]); };
    if (fields[0] == "R" && fields.size() == 3) {
      if (digest_of(field(1)) != fields[2]) return {};
      observed.files.push_back(field(1));
    } else if (fields[0] == "F" && fields.size() == 5) {
      observed.functions.push_back({field(1), number(fields[2]), field(3), number(fields[4])});
    } else if (fields[0] == "U" && fields.size() == 5) {
      observed.undocumented.push_back({field(1), number(fields[2]), field(3), field(4)});
    }
  }
  return observed;
}

void Cache::keep(const Unit& unit, const Observed& observed) const {
  std::ofstream file(entry(unit), std::ios::binary | std::ios::trunc);
  for (const auto& path : observed.files) file << "R\t" << path << "\t" << digest_of(path) << "\n";
  for (const auto& function : observed.functions) {
    file << "F\t" << function.file << "\t" << function.line << "\t" << function.name << "\t"
         << function.lines << "\n";
  }
  for (const auto& problem : observed.undocumented) {
    file << "U\t" << problem.file << "\t" << problem.line << "\t" << problem.rule << "\t"
         << problem.message << "\n";
  }
  file << "E\n";
}

}  // namespace grader::conformance
