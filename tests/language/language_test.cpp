#include "grader/report/language.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "checks/check.hpp"
#include "grader/grading/rubric_files.hpp"

namespace checks = grader::checks;
namespace report = grader::report;
namespace fs = std::filesystem;

namespace {

void check_known(std::string_view text) {
  CHECK_MESSAGE(report::is_known(text, "ru"),
                "grader/report/language/ru.txt has no entry for: " << std::string(text));
}

std::string file(const fs::path& path) {
  std::ifstream stream(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

}  // namespace

TEST_CASE("every rule is told in every language") {
  for (const auto& entry : checks::catalogue()) {
    check_known(entry.check->title);
    check_known(entry.check->why);
    check_known(entry.check->fix);
  }
}

TEST_CASE("every text of a page is told in every language") {
  std::size_t found = 0;
  for (const auto& entry : fs::directory_iterator("grader/report/html")) {
    const std::string text = file(entry.path());
    for (auto open = text.find("[["); open != text.npos; open = text.find("[[", open + 2)) {
      const auto close = text.find("]]", open);
      REQUIRE(close != text.npos);
      check_known(text.substr(open + 2, close - open - 2));
      ++found;
    }
  }
  CHECK(found > 40);
}

TEST_CASE("every text of the rubrics that come along is told in every language") {
  std::vector<std::string> ids;
  for (const auto& entry : checks::catalogue()) ids.emplace_back(entry.id);
  for (const auto* name : {"password_manager", "password_manager_senior", "competency_matrix"}) {
    const auto rubric = grader::grading::load_rubric(std::string("rubrics/") + name + ".yaml", ids);
    REQUIRE(rubric.has_value());
    for (const auto& band : rubric->bands) check_known(band.title);
    for (const auto& gate : rubric->gates) check_known(gate.title);
    for (const auto& item : rubric->bonus) check_known(item.title);
    for (const auto& section : rubric->sections) {
      check_known(section.title);
      for (const auto& criterion : section.criteria) check_known(criterion.title);
    }
  }
}

TEST_CASE("a text that is missing is seen") {
  CHECK_FALSE(report::is_known("A rule that nobody has written yet", "ru"));
  CHECK(report::is_known("A rule that nobody has written yet", "en"));
}
