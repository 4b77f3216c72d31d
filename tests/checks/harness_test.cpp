// The harness itself: it must be able to say no.
#include <doctest/doctest.h>

#include "tests/checks/fixture.hpp"

using namespace grader;
using namespace grader::checks;

namespace {

grading::Finding finding_at(const char* path, int line) {
  grading::Finding finding;
  finding.outcome = grading::Outcome::violated;
  finding.evidence.push_back({});
  finding.evidence.front().location = {path, line};
  return finding;
}

Fixture expecting(std::vector<Expected> expected) {
  Fixture fixture;
  fixture.folder = "here";
  fixture.expected = std::move(expected);
  return fixture;
}

}  // namespace

TEST_CASE("marks are read from comments of every kind") {
  const auto python = marks("DEBUG = True  # expect: settings.debug_enabled", {"a.py", 3});
  REQUIRE(python.size() == 1);
  CHECK(python[0] == Expected{"settings.debug_enabled", {"a.py", 3}, false, false});
  CHECK(marks("{# todo expect: views.a #}", {})[0].known_miss);
  CHECK(marks("<!-- unclear: views.a -->", {})[0].unclear);
  CHECK(marks("we expect: nothing here", {}).empty());
}

TEST_CASE("findings and marks that do not meet are told, both ways") {
  const Expected mark{"a.b", {"x.py", 2}, false, false};
  CHECK(differences(expecting({mark}), "a.b", {finding_at("x.py", 2)}).empty());
  CHECK(differences(expecting({mark}), "a.b", {}).size() == 1);
  CHECK(differences(expecting({}), "a.b", {finding_at("x.py", 2)}).size() == 1);
  CHECK(differences(expecting({mark}), "a.b", {finding_at("x.py", 3)}).size() == 2);
  CHECK(differences(expecting({mark, mark}), "a.b", {finding_at("x.py", 2)}).size() == 1);
  CHECK(differences(expecting({mark}), "a.c", {finding_at("x.py", 2)}).size() == 1);
}

TEST_CASE("a known miss is silent until the day it is found") {
  const Expected miss{"a.b", {"x.py", 2}, false, true};
  CHECK(differences(expecting({miss}), "a.b", {}).empty());
  CHECK(differences(expecting({miss}), "a.b", {finding_at("x.py", 2)}).size() == 1);
}

TEST_CASE("an undetermined finding counts only where it is the submission's") {
  auto finding = finding_at("x.py", 2);
  finding.outcome = grading::Outcome::undetermined;
  finding.cause = grading::Cause::grader;
  CHECK(differences(expecting({}), "a.b", {finding}).empty());
  finding.cause = grading::Cause::submission;
  CHECK(differences(expecting({}), "a.b", {finding}).size() == 1);
  CHECK(differences(expecting({{"a.b", {"x.py", 2}, true, false}}), "a.b", {finding}).empty());
}

TEST_CASE("histories are read from text") {
  const auto history = history_of(
      "commit 2024-03-01 10:00 +0200 Ann Lee <ann@example.org>\nAdd models\n> because\n"
      "+ vault/models.py 40\n\n"
      "commit 2024-03-02 00:30 +0200 Ann Lee <ann@example.org> merge\nMerge branch\n~ a.py 3 1\n");
  REQUIRE(history.commits.size() == 2);
  CHECK(history.commits[0].parents == std::vector(2, history.commits[1].oid));
  CHECK(history.commits[1].message == "Add models\nbecause");
  CHECK(history.commits[1].author.name == "Ann Lee");
  CHECK(history.commits[1].author_time == 1709280000);
  CHECK(history.commits[0].author_time - history.commits[1].author_time == 52'200);
  CHECK(history.commits[0].changes[0].deletions == 1);
}
