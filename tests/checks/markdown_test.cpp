#include "checks/markdown.hpp"

#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "checks/check.hpp"

using namespace grader::checks;

TEST_CASE("docs/checks.md is what the catalogue says; UPDATE_GOLDEN=1 rewrites it") {
  const std::string path = "docs/checks.md";
  const std::string wanted = checks_markdown();
  if (std::getenv("UPDATE_GOLDEN") != nullptr) {
    std::filesystem::create_directories("docs");
    std::ofstream(path, std::ios::binary) << wanted;
  }
  std::ifstream file(path, std::ios::binary);
  const std::string kept(std::istreambuf_iterator<char>(file), {});
  CHECK_MESSAGE(kept == wanted, "run this test once with UPDATE_GOLDEN=1");
}

TEST_CASE("every check has its section, and families stand together") {
  const std::string text = checks_markdown();
  for (const auto& entry : catalogue()) {
    CHECK(text.find("### `" + std::string(entry.id) + "`") != std::string::npos);
  }
  std::string_view family;
  std::string seen = "|";
  for (const auto& entry : catalogue()) {
    if (entry.family == family) continue;
    const std::string name = "|" + std::string(entry.family) + "|";
    CHECK_MESSAGE(seen.find(name) == std::string::npos,
                  entry.id << " stands apart from its family");
    seen += std::string(entry.family) + "|";
    family = entry.family;
  }
}
