#include "grader/grading/rubric.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <sstream>

#include "grader/grading/override.hpp"
#include "tests/grading/submissions.hpp"

using grader::ErrorKind;
using grader::grading::Decimal;
using grader::grading::load_rubric;
using grader::grading::read_rubric;
using grader::grading::Rubric;
using grader::grading::RubricReading;

namespace {

namespace fs = std::filesystem;

std::string read(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

std::string lint(const std::string& path) {
  const auto reading = read_rubric(path, known_checks());
  std::string text;
  for (const auto& problem : reading.problems) text += to_string(problem);
  CHECK(reading.rubric.has_value() == reading.problems.empty());
  return text.empty() ? "no mistakes\n" : text;
}

/// Files that exist in the test alone.
RubricReading read_files(const std::map<std::string, std::string>& files,
                         const std::string& path = "a.yaml") {
  return read_rubric(path, known_checks(),
                     [&](const std::string& name) -> grader::Result<std::string> {
                       const auto found = files.find(name);
                       if (found != files.end()) return found->second;
                       return grader::fail(ErrorKind::rubric, "no such rubric file", name);
                     });
}

RubricReading read_text(const std::string& text) { return read_files({{"a.yaml", text}}); }

std::string with_line(std::string text, const std::string& from, const std::string& to) {
  const auto at = text.find(from);
  REQUIRE(at != std::string::npos);
  return text.replace(at, from.size(), to);
}

std::string digest_of(const std::string& text) {
  return read_text(text).rubric.value_or(Rubric()).digest;
}

}  // namespace

TEST_CASE("every rubric fixture has exactly the mistakes that are written beside it") {
  const bool update = std::getenv("UPDATE_GOLDEN") != nullptr;  // NOLINT(concurrency-mt-unsafe)
  std::size_t count = 0;
  for (const auto& entry : fs::directory_iterator("fixtures/rubrics")) {
    if (entry.path().extension() != ".yaml") continue;
    ++count;
    CAPTURE(entry.path().string());
    const auto found = lint("fixtures/rubrics/" + entry.path().filename().string());
    const auto golden = fs::path(entry.path()).replace_extension(".txt");
    if (update) std::ofstream(golden, std::ios::binary) << found;
    CHECK(found == read(golden));
  }
  CHECK(count >= 20);
}

TEST_CASE("the rubric of the assignment has no mistakes and the agreed weights") {
  CHECK(lint("rubrics/password_manager.yaml") == "no mistakes\n");
  const Rubric& rubric = assignment();
  const std::map<std::string, Decimal> agreed = {{"security", 30},
                                                 {"functions", 15},
                                                 {"django", 15},
                                                 {"testing", 15},
                                                 {"quality", 10},
                                                 {"history", Decimal(15, 2)},
                                                 {"documentation", Decimal(15, 2)}};
  CHECK(rubric.sections.size() == agreed.size());
  for (const auto& section : rubric.sections) {
    CAPTURE(section.id);
    CHECK(section.points == agreed.at(section.id));
  }
  CHECK(rubric.bonus_at_most == 10);
  CHECK(rubric.gates.size() == 6);
}

TEST_CASE("the competency matrix and the overlay that come along have no mistakes") {
  CHECK(lint("rubrics/competency_matrix.yaml") == "no mistakes\n");
  CHECK(lint("rubrics/password_manager_senior.yaml") == "no mistakes\n");
  const auto matrix = load_rubric("rubrics/competency_matrix.yaml", known_checks()).value();
  std::map<std::string, Decimal> points;
  for (const auto& section : matrix.sections) points[section.id] = section.points;
  CHECK(points == std::map<std::string, Decimal>{{"python", 25},
                                                 {"django", 30},
                                                 {"database", 15},
                                                 {"testing", 10},
                                                 {"git", 10},
                                                 {"solving", 10}});
  const auto senior = load_rubric("rubrics/password_manager_senior.yaml", known_checks()).value();
  CHECK(senior.bands.back().id == "senior");
}

TEST_CASE("what a person marks is open and leaves the denominator") {
  const auto matrix = load_rubric("rubrics/competency_matrix.yaml", known_checks()).value();
  const auto grade = grader::grading::grade({}, matrix, {});
  const auto& talk = grade.sections.front().marks.back();
  CHECK(talk.criterion == "python.talk");
  CHECK(talk.open_grader == 12);
  CHECK(talk.points == 0);
  CHECK(talk.reasons.front().starts_with("for the interviewer, 0 to 4: "));
  CHECK(grade.high == 100);
  CHECK(grade.band.empty());
}

TEST_CASE("a person's mark takes the place of the automatic one and both are shown") {
  using grader::grading::overruled;
  const auto matrix = load_rubric("rubrics/competency_matrix.yaml", known_checks()).value();
  const auto grade = overruled({}, matrix, {}, {{"python.talk", 9, "Dana", "clear on decorators"}});
  REQUIRE(grade.has_value());
  const auto& talk = grade->sections.front().marks.back();
  CHECK(talk.points == 9);
  CHECK(talk.open_grader == 0);
  CHECK(talk.reasons.front() == "overruled by Dana, 0 and open points before: clear on decorators");
  CHECK(grade->low == 9);
  CHECK(grade->sections.front().points == 9);

  const auto told = [&](const std::vector<grader::grading::Override>& overrides) {
    const auto result = overruled({}, matrix, {}, overrides);
    return result ? std::string() : result.error().what + " | " + result.error().hint;
  };
  CHECK(told({{"python.tlak", 9, "Dana", "x"}}) ==
        "there is no criterion python.tlak | did you mean python.talk?");
  CHECK(told({{"python.talk", 13, "Dana", "x"}}).starts_with("python.talk has 12 points, not 13"));
  CHECK(told({{"python.talk", 9, " ", "x"}}).starts_with("an override names a person"));
  CHECK(told({{"python.talk", 9, "Dana", ""}}).starts_with("an override gives a reason"));
  CHECK(told({{"python.talk", 9, "Dana", "x"}, {"python.talk", 8, "Eva", "y"}})
            .starts_with("two overrides of python.talk"));
}

TEST_CASE("a human scale with checks, or without words, is a mistake") {
  const std::string text = read("fixtures/rubrics/minimal.yaml");
  const auto at = text.find("        checks:");
  REQUIRE(at != std::string::npos);
  std::string both = text;
  both.insert(at, "        human: {scale: 11, ask: a, junior: b}\n");
  std::string told;
  for (const auto& problem : read_text(both).problems) told += problem.what + "\n";
  CHECK(told.find("a person marks this: \"checks\" has no meaning") != std::string::npos);
  CHECK(told.find("whole number from 1 to 10") != std::string::npos);
  CHECK(told.find("\"middle\" is missing") != std::string::npos);
}

TEST_CASE("the example of the documentation has no mistakes") {
  const std::string page = read("docs/rubric.md");
  const std::string opening = "```yaml\n";
  const auto start = page.find(opening);
  REQUIRE(start != std::string::npos);
  const auto from = start + opening.size();
  const auto reading = read_files({{"a.yaml", page.substr(from, page.find("```", from) - from)},
                                   {"base.yaml", "id: base\nversion: 1.0.0\n"}});
  for (const auto& problem : reading.problems) FAIL_CHECK(to_string(problem));
  CHECK(reading.rubric.has_value());
}

TEST_CASE("an overlay changes what it names and keeps the rest") {
  const auto rubric = load_rubric("fixtures/rubrics/overlay.yaml", known_checks()).value();
  CHECK(rubric.id == "overlay");
  REQUIRE(rubric.bands.size() == 2);
  CHECK(rubric.bands[1].title == "Passed");
  CHECK(rubric.bands[1].from == 70);
  REQUIRE(rubric.sections.size() == 2);
  const auto& criteria = rubric.sections[0].criteria;
  REQUIRE(criteria.size() == 2);  // debug has no points: taken out
  CHECK(criteria[0].id == "security.key");
  CHECK(criteria[0].points == 40);
  CHECK(criteria[0].checks.size() == 2);
  CHECK(criteria[1].id == "security.hosts");
  REQUIRE(rubric.gates.size() == 1);
  CHECK(rubric.gates[0].cap == Decimal(50));
  CHECK(rubric.gates[0].needs_person);
  CHECK(rubric.gates[0].violated == std::vector<std::string>{"tests.none"});
}

TEST_CASE("one error tells the first mistake, how many more there are, and the next step") {
  const auto result = load_rubric("fixtures/rubrics/unknown_names.yaml", known_checks());
  REQUIRE_FALSE(result.has_value());
  CHECK(result.error().kind == ErrorKind::rubric);
  CHECK(result.error().where == "fixtures/rubrics/unknown_names.yaml:3:1");
  CHECK(result.error().what.find("more)") != std::string::npos);
  CHECK(result.error().hint == "did you mean \"title\"?");
  CHECK(load_rubric("nowhere.yaml", known_checks()).error().where == "nowhere.yaml");
}

TEST_CASE("the digest is of the content, not of the layout") {
  const std::string text = read("fixtures/rubrics/minimal.yaml");
  const auto digest = digest_of(text);
  CHECK(digest.size() == 64);
  CHECK(digest_of("# another comment\n" +
                  with_line(text, "title: Minimal", "title:   'Minimal'")) == digest);
  CHECK(digest_of(with_line(text, "id: minimal\nversion: 1.0.0", "version: 1.0.0\nid: minimal")) ==
        digest);
  CHECK(digest_of(with_line(text, "cap: 64", "cap: 63")) != digest);
  CHECK(digest_of(with_line(text, "title: Minimal", "title: Other")) != digest);
  // What a rubric extends is part of its content.
  const std::string overlay = "extends: b.yaml\nid: minimal\nversion: 1.0.0\n";
  const auto merged = read_files({{"a.yaml", overlay}, {"b.yaml", text}});
  CHECK(merged.rubric.value_or(Rubric()).digest == digest);
  const auto changed = read_files({{"a.yaml", overlay}, {"b.yaml", with_line(text, "64", "65")}});
  CHECK(changed.rubric.value_or(Rubric()).digest != digest);
}

TEST_CASE("files of other systems are read") {
  std::string text = read("fixtures/rubrics/minimal.yaml");
  std::string windows = "\xEF\xBB\xBF";
  for (const char c : text) windows += c == '\n' ? std::string("\r\n") : std::string(1, c);
  CHECK(digest_of(windows) == digest_of(text));
  const auto wrong = read_text(with_line(windows, "cap: 64", "cap: none"));
  REQUIRE(wrong.problems.size() == 1);
  CHECK(wrong.problems[0].source_line == "    cap: none");
}

TEST_CASE("limits on what is read") {
  SUBCASE("a file of more than 1 MiB") {
    const auto reading = read_text(std::string((1 << 20) + 1, '#'));
    REQUIRE(reading.problems.size() == 1);
    CHECK(reading.problems[0].what == "a rubric file has at most 1 MiB");
  }
  SUBCASE("binary") {
    CHECK(read_text(std::string("id: a\0b\n", 8)).problems.at(0).what == "not a text file");
  }
  SUBCASE("too many values") {
    std::string text = "a: [";
    for (int i = 0; i < 20'001; ++i) text += "x,";
    const auto reading = read_text(text + "]");
    REQUIRE(reading.problems.size() == 1);
    CHECK(reading.problems[0].what == "a rubric has at most 20,000 values");
  }
  SUBCASE("too many mistakes") {
    std::string text = "id: a\nversion: 1.0.0\n";
    for (int i = 0; i < 5'000; ++i) text += "wrong" + std::to_string(i) + ": 1\n";
    CHECK(read_text(text).problems.size() == 100);
  }
  SUBCASE("brackets without end") {
    for (const char* opening : {"[", "{", "- ", "? ", "a: {b: ", "!", "&", "\"", "'", "|\n", "*"}) {
      std::string text;
      while (text.size() < 100'000) text += opening;
      CAPTURE(opening);
      CHECK_FALSE(read_text(text).problems.empty());
    }
  }
  SUBCASE("a long chain of extends") {
    std::map<std::string, std::string> files;
    for (int i = 0; i < 12; ++i) {
      files[std::to_string(i)] = "id: a\nversion: 1.0.0\nextends: " + std::to_string(i + 1) + "\n";
    }
    const auto reading = read_files(files, "0");
    REQUIRE(reading.problems.size() == 1);
    CHECK(reading.problems[0].what == "\"extends\" leads over more than 8 files");
  }
}

TEST_CASE("extends stays inside the folder of the file that says it") {
  const std::string base = read("fixtures/rubrics/minimal.yaml");
  const auto problems = [&](const std::string& name) {
    const std::string text = "id: a\nversion: 1.0.0\nextends: " + name + "\n";
    return read_files(
               {{"r/a.yaml", text}, {"r/b.yaml", base}, {"r/c/d.yaml", base}, {"e.yaml", base}},
               "r/a.yaml")
        .problems.size();
  };
  CHECK(problems("b.yaml") == 0);
  CHECK(problems("./b.yaml") == 0);
  CHECK(problems("c/d.yaml") == 0);
  CHECK(problems("../e.yaml") == 1);
  CHECK(problems("c/../../e.yaml") == 1);
  CHECK(problems("/r/b.yaml") == 1);
  CHECK(problems("\"\"") == 1);
  CHECK(problems("\"b.yaml\\0\"") == 1);
  CHECK(problems("[b.yaml]") == 1);
  CHECK(problems("a.yaml") == 1);
}

TEST_CASE("only regular files of a bounded size are rubrics") {
  using grader::grading::read_rubric_file;
  CHECK(read_rubric_file("fixtures/rubrics").error().what == "a rubric is a regular file");
  CHECK(read_rubric_file("/dev/zero").error().what == "a rubric is a regular file");
  CHECK(read_rubric_file("fixtures/rubrics/none").error().what == "no such rubric file");
  CHECK(read_rubric_file("fixtures/rubrics/minimal.yaml").value() ==
        read("fixtures/rubrics/minimal.yaml"));
}
