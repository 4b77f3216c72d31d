#include "grader/submission/history.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <map>

#include "grader/submission/raw_commit.hpp"
#include "tests/submission/repository.hpp"

using namespace std::string_literals;
using namespace grader::submission;
using tests::commit;
using tests::file;

namespace {

History history_of(const Submission& submission, const HistoryLimits& limits = {}) {
  auto history = read_history(submission, limits);
  REQUIRE(history.has_value());
  return *std::move(history);
}

/// "path+insertions-deletions", a status letter before it.
std::string shown(const ChangedPath& change) {
  using Status = ChangedPath::Status;
  const char letter = change.status == Status::added      ? 'A'
                      : change.status == Status::modified ? 'M'
                      : change.status == Status::deleted  ? 'D'
                                                          : 'R';
  const auto lines =
      change.counted ? fmt::format("+{}-{}", change.insertions, change.deletions) : "?";
  const auto from = change.old_path.empty() ? "" : change.old_path + ">";
  return fmt::format("{} {}{} {}", letter, from, change.path, lines);
}

std::vector<std::string> shown(const Commit& commit) {
  std::vector<std::string> result;
  result.reserve(commit.changes.size());
  for (const auto& change : commit.changes) result.push_back(shown(change));
  return result;
}

std::vector<std::string> subjects(const History& history) {
  std::vector<std::string> result;
  result.reserve(history.commits.size());
  for (const auto& one : history.commits) {
    result.push_back(one.message.substr(0, one.message.find('\n')));
  }
  return result;
}

using Lines = std::vector<std::string>;

}  // namespace

TEST_CASE("history of a small repository") {
  const tests::Directory top;
  tests::import_stream(top.path(), commit("main", 100, "Start\n") + file("a.py", "one\ntwo\n") +
                                       commit("main", 200, "Change\n") +
                                       file("a.py", "one\nTWO\nthree") +
                                       file("b.bin", std::string_view("\0\1", 2)));
  const auto submission = tests::open(top.path());
  REQUIRE(submission.has_value());
  const auto history = history_of(*submission);
  CHECK(history.complete);
  CHECK(history.counted);
  CHECK(history.gap.empty());
  REQUIRE(history.commits.size() == 2);
  const Commit& last = history.commits[0];
  CHECK(last.oid == submission->commit());
  CHECK(last.author == Person{"Ada", "ada@example.org"});
  CHECK(last.committer == Person{"Bob", "bob@example.org"});
  CHECK(last.author_time == 200);
  CHECK(last.author_offset_minutes == 120);
  CHECK(last.commit_time == 260);
  CHECK(last.commit_offset_minutes == -210);
  CHECK(last.message == "Change\n");
  CHECK(last.parents == std::vector{history.commits[1].oid});
  CHECK(last.files_changed == 2);
  CHECK(last.insertions == 2);
  CHECK(last.deletions == 1);
  CHECK(shown(last) == Lines{"M a.py +2-1", "A b.bin ?"});
  CHECK(shown(history.commits[1]) == Lines{"A a.py +2-0"});
}

TEST_CASE("folders, modes, renames and deletions") {
  const tests::Directory top;
  tests::import_stream(top.path(),
                       commit("main", 100, "One\n") + file("a/b/x.py", "1\n2\n") +
                           file("a/y.py", "3\n") + file("run.sh", "4\n") + file("thing", "5\n") +
                           file("empty", "") + commit("main", 200, "Two\n") +
                           "R a/b/x.py moved/z.py\nD a/y.py\n" + file("run.sh", "4\n", "100755") +
                           "D thing\n" + file("thing/inside", "6\n") + "M 160000 " +
                           std::string(40, '1') + " lib\n");
  const auto submission = tests::open(top.path());
  REQUIRE(submission.has_value());
  const auto history = history_of(*submission);
  CHECK(shown(history.commits[0]) == Lines{"D a/y.py +0-1", "A lib ?", "R a/b/x.py>moved/z.py +0-0",
                                           "M run.sh +0-0", "D thing +0-1", "A thing/inside +1-0"});
  CHECK(shown(history.commits[1]) ==
        Lines{"A a/b/x.py +2-0", "A a/y.py +1-0", "A empty +0-0", "A run.sh +1-0", "A thing +1-0"});
}

TEST_CASE("a merge shows what differs from every parent, and children come before parents") {
  const tests::Directory top;
  tests::import_stream(top.path(),
                       commit("main", 100, "Base\n") + file("a", "1\n") + file("b", "1\n") +
                           file("c", "1\n") + commit("side", 50, "Side, its clock is wrong\n") +
                           "from refs/heads/main\n" + file("b", "2\n") + file("c", "2\n") +
                           commit("main", 300, "Main\n") + file("a", "2\n") + file("c", "3\n") +
                           commit("main", 400, "Merge\n") + "merge refs/heads/side\n" +
                           file("b", "2\n") + file("c", "4\n"));
  const auto submission = tests::open(top.path());
  REQUIRE(submission.has_value());
  const auto history = history_of(*submission);
  CHECK(subjects(history) == Lines{"Merge", "Main", "Side, its clock is wrong", "Base"});
  CHECK(history.commits[0].parents.size() == 2);
  CHECK(shown(history.commits[0]) == Lines{"M c +1-1"});
}

TEST_CASE("line counts agree with git") {
  const tests::Directory top;
  std::string stream;
  std::string text;
  // Pseudo-random edits of one text, the same on every run.
  unsigned seed = 7;
  const auto random = [&seed](unsigned bound) {
    seed = seed * 1103515245U + 12345U;
    return (seed >> 16U) % bound;
  };
  std::vector<std::string> lines;
  for (int i = 0; i < 40; ++i) {
    for (unsigned edits = 1 + random(12); edits > 0; --edits) {
      const auto at = static_cast<std::ptrdiff_t>(random(static_cast<unsigned>(lines.size()) + 1));
      if (random(3) == 0 && at < std::ssize(lines)) {
        lines.erase(lines.begin() + at);
      } else {
        lines.insert(lines.begin() + at, fmt::format("line {}\n", random(30)));
      }
    }
    text.clear();
    for (const auto& line : lines) text += line;
    stream += commit("main", 100 + i, "Edit\n") + file("a.py", text);
  }
  tests::import_stream(top.path(), stream);
  const auto submission = tests::open(top.path());
  REQUIRE(submission.has_value());
  std::string ours;
  for (const auto& one : history_of(*submission).commits) {
    ours += one.oid + "\n";
    for (const auto& change : one.changes) {
      ours += fmt::format("\n{}\t{}\t{}\n", change.insertions, change.deletions, change.path);
    }
  }
  CHECK(ours == tests::git(top.path(), "log --format=%H --numstat main"));
}

TEST_CASE("limits keep the newest and say what is missing") {
  const tests::Directory top;
  std::string stream;
  for (int i = 0; i < 10; ++i) {
    stream += commit("main", 100 + i, fmt::format("Commit {}\n", i)) +
              file(fmt::format("f{}.py", i), "x\n");
  }
  tests::import_stream(top.path(), stream);
  const auto submission = tests::open(top.path());
  REQUIRE(submission.has_value());

  auto history = history_of(*submission, {.commits = 3});
  CHECK(subjects(history) == Lines{"Commit 9", "Commit 8", "Commit 7"});
  CHECK_FALSE(history.complete);
  CHECK(history.gap.find("newest 3") != std::string::npos);
  // The last one's parent is not here: nothing of it looks new.
  CHECK(history.commits[2].changes.empty());

  history = history_of(*submission, {.changes = 2});
  CHECK(history.commits.size() == 10);
  CHECK(history.complete);
  CHECK_FALSE(history.counted);
  CHECK_FALSE(history.gap.empty());

  history = history_of(*submission, {.steps = 5});
  CHECK_FALSE(history.counted);
  history = history_of(*submission, {.total_bytes = 3});
  CHECK_FALSE(history.counted);
  history = history_of(*submission, {.line_bytes = 1});
  CHECK(history.counted);
  CHECK_FALSE(history.commits[0].changes[0].counted);
}

TEST_CASE("a shallow history is not complete") {
  const tests::Directory top;
  tests::import_stream(top.path() + "/origin", commit("main", 100, "One\n") + file("a.py", "1") +
                                                   commit("main", 200, "Two\n") +
                                                   file("a.py", "2"));
  tests::shell("git clone -q --depth 1 'file://" + top.path() + "/origin' '" + top.path() +
               "/shallow'");
  const auto submission = tests::open(top.path() + "/shallow");
  REQUIRE(submission.has_value());
  const auto history = history_of(*submission);
  CHECK(history.commits.size() == 1);
  CHECK_FALSE(history.complete);
  CHECK(history.gap.find("shallow") != std::string::npos);
}

TEST_CASE("every blob of history is visited once, with the commit that brought it") {
  const tests::Directory top;
  tests::import_stream(top.path(), commit("main", 100, "One\n") + file("a.py", "1") +
                                       file("copy.py", "1") + file("key.pem", "secret") +
                                       commit("main", 200, "Two\n") + file("a.py", "2") +
                                       "D key.pem\n" + commit("main", 300, "Three\n") +
                                       file("a.py", "1") + file("big", std::string(5000, 'b')) +
                                       "M 160000 " + std::string(40, '1') + " lib\n");
  const auto submission = tests::open(top.path(), "", {.read_bytes = 4000});
  REQUIRE(submission.has_value());
  const auto history = history_of(*submission);
  Lines seen;
  const auto unread = for_each_historic_blob(
      *submission, history, [](const HistoricBlob& blob) { return blob.path != "nothing"; },
      [&](const HistoricBlob& blob, std::string_view bytes) {
        seen.push_back(fmt::format("{} {} {} {}", blob.commit.message.substr(0, 3), blob.path,
                                   bytes, blob.size));
      });
  CHECK(seen == Lines{"One a.py 1 1", "One key.pem secret 6", "Two a.py 2 1"});
  CHECK(unread == 1U);
  std::size_t asked = 0;
  CHECK(for_each_historic_blob(
            *submission, history,
            [&](const HistoricBlob&) {
              ++asked;
              return false;
            },
            [](const HistoricBlob&, std::string_view) { FAIL("not wanted"); }) == 0U);
  CHECK(asked == 4);
}

TEST_CASE("a commit's text is read with forgiveness") {
  const std::string tree = "tree " + std::string(40, 'a') + "\n";
  const auto parsed = [](const std::string& bytes) {
    auto raw = parse_commit(bytes, 100);
    REQUIRE(raw.has_value());
    return raw->commit;
  };
  auto commit = parsed(tree + "parent " + std::string(40, 'b') +
                       "\nauthor A <x> B <a@b.c> 12 +0545\ncommitter  <> 13 -0030\ngpgsig -----\n "
                       "parent of a line\n -----\n\nSubject\n\nauthor is no header here\n");
  CHECK(commit.parents == Lines{std::string(40, 'b')});
  CHECK(commit.author == Person{"A", "x> B <a@b.c"});
  CHECK(commit.author_time == 12);
  CHECK(commit.author_offset_minutes == 345);
  CHECK(commit.committer == Person{"", ""});
  CHECK(commit.commit_offset_minutes == -30);
  CHECK(commit.message == "Subject\n\nauthor is no header here\n");

  for (const auto* author : {"", "nobody", "A <a@b.c>", "A <a@b.c> x y", "A <a@b.c> 1", "> <",
                             "A <a@b.c> 99999999999999999999 +9999999"}) {
    INFO(author);
    commit = parsed(tree + "author " + author + "\n\nm");
    CHECK(commit.message == "m");
  }
  CHECK(parsed(tree).message.empty());
  CHECK_FALSE(parse_commit("", 100).has_value());
  CHECK_FALSE(parse_commit("author A <a@b.c> 1 +0000\n\nm", 100).has_value());
  CHECK_FALSE(parse_commit("tree abc\n\nm", 100).has_value());
  CHECK(parsed(tree + "\n" + std::string(99, 'x') + "Ж").message == std::string(99, 'x'));
}

TEST_CASE("encodings of commits") {
  const std::string tree = "tree " + std::string(40, 'a') + "\n";
  const auto message = [&](const std::string& encoding, const std::string& bytes) {
    return parse_commit(tree + "encoding " + encoding + "\n\n" + bytes, 1000)->commit.message;
  };
  CHECK(message("windows-1251", "\xCF\xE0\xF0\xEE\xEB\xFC") == "Пароль");
  CHECK(message("KOI8-R", "\xF0\xC1\xD2\xCF\xCC\xD8") == "Пароль");
  CHECK(message("ISO-8859-1", "caf\xE9") == "café");
  CHECK(message("UTF-8", "Пароль") == "Пароль");
  CHECK(message("UTF-8", "caf\xE9") == "café");
  CHECK(message("../../evil", "caf\xE9") == "café");
  CHECK(message("gbk", "\xFF\xFF\xFF") == "ÿÿÿ");
  CHECK(message("UTF-8", "a\0b"s) == "a\0b"s);
}
