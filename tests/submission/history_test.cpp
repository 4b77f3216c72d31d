#include "grader/submission/history.hpp"

#include <doctest/doctest.h>

#include <map>

#include "repository.hpp"

using namespace grader::submission;
using tests::commit;
using tests::file;

TEST_CASE("history of a small repository") {
  const tests::Directory top;
  tests::import_stream(top.path(), commit("main", 100, "Start\n") + file("a.py", "one\ntwo\n") +
                                       commit("main", 200, "Change\n") +
                                       file("a.py", "one\nTWO\nthree") +
                                       file("b.bin", std::string_view("\0\1", 2)));
  const auto submission = tests::open(top.path());
  REQUIRE(submission.has_value());
  CHECK(submission->ref() == "main");
  REQUIRE(submission->entries().size() == 2);
  CHECK(submission->read(submission->entries()[0]) == "one\nTWO\nthree");

  const auto history = read_history(*submission);
  REQUIRE(history.has_value());
  CHECK(history->complete);
  CHECK(history->counted);
  REQUIRE(history->commits.size() == 2);
  const Commit& last = history->commits[0];
  CHECK(last.oid == submission->commit());
  CHECK(last.author == Person{"Ada", "ada@example.org"});
  CHECK(last.committer == Person{"Bob", "bob@example.org"});
  CHECK(last.author_time == 200);
  CHECK(last.author_offset_minutes == 120);
  CHECK(last.commit_time == 260);
  CHECK(last.commit_offset_minutes == -210);
  CHECK(last.message == "Change\n");
  CHECK(last.parents == std::vector{history->commits[1].oid});
  CHECK(last.files_changed == 2);
  CHECK(last.insertions == 2);
  CHECK(last.deletions == 1);
  REQUIRE(last.changes.size() == 2);
  CHECK(last.changes[0].status == ChangedPath::Status::modified);
  CHECK(last.changes[1].status == ChangedPath::Status::added);
  CHECK_FALSE(last.changes[1].counted);
}
