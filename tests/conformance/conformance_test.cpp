// Every rule must be able to fail: bad/RULE is a small tree that breaks RULE on the lines marked
// `// expect: RULE` and keeps it on all others.
#include <doctest/doctest.h>
#include <stdlib.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>

#include "grader/base/text.hpp"
#include "tests/conformance/cache.hpp"
#include "tests/conformance/catalogue.hpp"
#include "tests/conformance/declarations.hpp"
#include "tests/conformance/includes.hpp"

namespace grader::conformance {

namespace {

namespace fs = std::filesystem;

std::string bad_tree(const std::string& rule) {
  return fs::canonical("tests/conformance/bad/" + rule).string();
}

std::string one_a_line(const std::set<std::string>& places) {
  std::string joined;
  for (const auto& place : places) joined += place + "\n";
  return joined;
}

/// "file:line" of every line that is marked with the rule, one a line.
std::string marked(const std::vector<Source>& sources, const std::string& rule) {
  std::set<std::string> places;
  for (const auto& source : sources) {
    for (std::size_t i = 0; i < source.lines.size(); ++i) {
      if (source.lines[i].ends_with("// expect: " + rule)) {
        places.insert(source.path + ":" + std::to_string(i + 1));
      }
    }
  }
  return one_a_line(places);
}

std::string told(const std::vector<Problem>& problems, const std::string& rule) {
  std::set<std::string> places;
  for (const auto& problem : problems) {
    CHECK(problem.rule == rule);
    CHECK_FALSE(problem.warning);
    places.insert(problem.file + ":" + std::to_string(problem.line));
  }
  return one_a_line(places);
}

/// What libclang observes of every .cpp file of a bad tree.
Observed observe_tree(const std::string& top) {
  Observed all;
  for (const auto& source : read_sources(top)) {
    if (source.is_header()) continue;
    const auto seen = observe({top + "/" + source.path, {"-std=c++20", "-I" + top}}, top);
    REQUIRE_MESSAGE(seen, to_string(seen.error()));
    std::ranges::copy(seen->functions, std::back_inserter(all.functions));
    std::ranges::copy(seen->undocumented, std::back_inserter(all.undocumented));
  }
  return all;
}

}  // namespace

TEST_CASE("includes against the layering are told, allowed ones are not") {
  const auto sources = read_sources(bad_tree("layering"));
  REQUIRE(sources.size() == 6);
  CHECK(told(check_layering(sources), "layering") == marked(sources, "layering"));
}

TEST_CASE("third-party headers outside their folder or in a header of ours are told") {
  const auto sources = read_sources(bad_tree("third-party"));
  REQUIRE(sources.size() == 5);
  CHECK(told(check_third_party(sources), "third-party") == marked(sources, "third-party"));
}

TEST_CASE("public declarations without words are told") {
  const std::string top = bad_tree("documentation");
  const auto expected = marked(read_sources(top), "documentation");
  REQUIRE(std::ranges::count(expected, '\n') == 10);
  CHECK(told(observe_tree(top).undocumented, "documentation") == expected);
}

TEST_CASE("a function of 41 lines is told, one of 40 is not") {
  const std::string top = bad_tree("function-length");
  const auto functions = observe_tree(top).functions;
  CHECK(told(check_function_lengths(functions, {}), "function-length") ==
        marked(read_sources(top), "function-length"));
  const auto lines_of = [&](const std::string& name) {
    return std::ranges::find(functions, "grader::" + name, &Function::name)->lines;
  };
  CHECK(lines_of("too_long") == 41);
  CHECK(lines_of("just_right") == 40);
}

TEST_CASE("an exception silences its function and is told when it is not needed") {
  const std::vector<Function> functions{{"grader/base/a.cpp", 7, "grader::long_table", 41},
                                        {"grader/base/a.cpp", 90, "grader::short_one", 3}};
  CHECK(check_function_lengths(functions, {{"grader::long_table", "a table"}}).empty());
  const auto stale = check_function_lengths(
      functions, {{"grader::long_table", "a table"}, {"grader::short_one", "was long"}});
  REQUIRE(stale.size() == 1);
  CHECK(stale[0].message.find("grader::short_one") != std::string::npos);
}

TEST_CASE("files are warned of from 300 lines and told from 450, checks from 120") {
  const auto outcome = [](const std::string& path, std::size_t lines) {
    const auto problems = check_file_lengths({{path, std::vector<std::string>(lines)}});
    if (problems.empty()) return "silent";
    return problems[0].warning ? "warning" : "told";
  };
  CHECK(outcome("grader/base/a.cpp", 300) == doctest::String("silent"));
  CHECK(outcome("grader/base/a.cpp", 301) == doctest::String("warning"));
  CHECK(outcome("grader/base/a.cpp", 450) == doctest::String("warning"));
  CHECK(outcome("grader/base/a.cpp", 451) == doctest::String("told"));
  CHECK(outcome("checks/settings/debug.cpp", 120) == doctest::String("silent"));
  CHECK(outcome("checks/settings/debug.cpp", 121) == doctest::String("warning"));
  CHECK(outcome("checks/catalogue.cpp", 121) == doctest::String("silent"));
}

TEST_CASE("catalogue lines, files and fixtures that do not match are told") {
  const std::string top = bad_tree("catalogue");
  std::set<std::string> found;
  for (const auto& problem : check_catalogue(top)) {
    CHECK(problem.rule == "catalogue");
    found.insert(problem.file + ":" + std::to_string(problem.line) + " " + problem.message);
  }
  const std::string expected = read_file(top + "/EXPECT");
  std::size_t count = 0;
  for (const auto line : text::lines(expected)) {
    ++count;
    CHECK_MESSAGE(
        std::ranges::any_of(found, [&](const auto& one) { return one.starts_with(line); }),
        std::string(line));
  }
  CHECK(found.size() == count);
}

TEST_CASE("a file that clang cannot read is an error, not silence") {
  const std::string top = bad_tree("layering");
  const auto seen = observe({top + "/grader/base/knows_project.cpp", {"-std=c++20"}}, top);
  REQUIRE_FALSE(seen);
  CHECK(seen.error().what.find("file not found") != std::string::npos);
}

TEST_CASE("what is kept holds until a file that was read changes") {
  std::string folder = fs::temp_directory_path() / "conformance.XXXXXX";
  REQUIRE(mkdtemp(folder.data()) != nullptr);
  const std::string tree = fs::canonical(folder).string();
  fs::copy(bad_tree("documentation"), tree + "/top", fs::copy_options::recursive);
  const std::string top = tree + "/top";
  const Unit unit{top + "/grader/base/silent.cpp", {"-std=c++20", "-I" + top}};
  const Cache cache(tree + "/kept", top);

  CHECK_FALSE(cache.find(unit));
  const auto seen = observe(unit, top);
  REQUIRE(seen);
  cache.keep(unit, *seen);
  const auto kept = cache.find(unit);
  REQUIRE(kept);
  CHECK(kept->files == seen->files);
  CHECK(kept->functions == seen->functions);
  CHECK(kept->undocumented == seen->undocumented);
  CHECK_FALSE(cache.find({unit.file, {"-std=c++20", "-DOTHER", "-I" + top}}));

  std::ofstream(top + "/grader/base/silent.hpp", std::ios::app) << "// changed\n";
  CHECK_FALSE(cache.find(unit));
  fs::remove_all(tree);
}

}  // namespace grader::conformance
