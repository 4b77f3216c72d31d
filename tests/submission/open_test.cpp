#include <doctest/doctest.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>

#include "grader/submission/fetch.hpp"
#include "tests/submission/repository.hpp"

using grader::ErrorKind;
using tests::commit;
using tests::file;

namespace {

void write(const std::string& path, const std::string& content) {
  std::ofstream(path, std::ios::binary) << content;
}

/// A work tree with one commit of a.py.
void make_work_tree(const std::string& directory) {
  tests::shell("git init -q -b main '" + directory + "'");
  write(directory + "/a.py", "x = 1\n");
  tests::git(directory, "add -A && git commit -q -m Start");
}

bool has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

const std::string code = file("manage.py", "x") + file("app/models.py", "y");

}  // namespace

TEST_CASE("refs: branch, tag, full name and start of a commit id") {
  const tests::Directory top;
  tests::import_stream(
      top.path(), commit("main", 100, "One\n") + file("a.py", "1") +
                      "tag v1\nfrom refs/heads/main\ntagger Ada <a@b.c> 100 +0000\ndata 1\nx\n" +
                      commit("main", 200, "Two\n") + file("a.py", "2") +
                      commit("dev", 300, "Three\n") + file("a.py", "3"));
  const auto read = [&](const std::string& ref) {
    const auto submission = tests::open(top.path(), ref);
    REQUIRE(submission.has_value());
    CHECK((ref.empty() || submission->ref() == ref));
    return submission->read(*submission->find("a.py")).value();
  };
  CHECK(read("") == "2");
  CHECK(read("dev") == "3");
  CHECK(read("v1") == "1");
  CHECK(read("refs/heads/dev") == "3");
  CHECK(read("HEAD") == "2");
  const auto oid = tests::git(top.path(), "rev-parse v1^{commit}").substr(0, 40);
  CHECK(read(oid) == "1");
  CHECK(read(oid.substr(0, 8)) == "1");
  CHECK(tests::open(top.path(), oid.substr(0, 8))->commit() == oid);

  for (const auto* ref : {"de", "nothing", "../main", "main~1", "-x", "0000000000", "a\nb"}) {
    INFO(ref);
    const auto submission = tests::open(top.path(), ref);
    REQUIRE_FALSE(submission.has_value());
    CHECK(submission.error().kind == ErrorKind::usage);
  }
  CHECK(has(tests::open(top.path(), "mian").error().hint, "did you mean main?"));
  const auto blob = tests::git(top.path(), "rev-parse main:a.py").substr(0, 40);
  CHECK(has(tests::open(top.path(), blob).error().what, "is not a commit"));
}

TEST_CASE("a nearly empty default branch gives way to the branch with the code") {
  const tests::Directory top;
  tests::import_stream(top.path(), commit("main", 300, "Init\n") + file("README.md", "Hi") +
                                       commit("old", 100, "Old\n") + file("x.py", "x") +
                                       commit("dev", 200, "Code\n") + code);
  const auto submission = tests::open(top.path());
  REQUIRE(submission.has_value());
  CHECK(submission->ref() == "dev");
  CHECK(submission->find("app/models.py") != nullptr);
  CHECK(has(tests::warning(*submission, "other_branch"), "branch dev was graded"));
  const auto asked = tests::open(top.path(), "main");
  REQUIRE(asked.has_value());
  CHECK(asked->ref() == "main");
  CHECK(asked->warnings().empty());
}

TEST_CASE("no branch with code: the default branch stays") {
  const tests::Directory top;
  tests::import_stream(top.path(), commit("main", 300, "Init\n") + file("README.md", "Hi") +
                                       commit("dev", 200, "Docs\n") + file("NOTES.md", "x"));
  const auto submission = tests::open(top.path());
  REQUIRE(submission.has_value());
  CHECK(submission->ref() == "main");
  CHECK(submission->warnings().empty());
}

TEST_CASE("a default branch that does not exist") {
  const tests::Directory top;
  tests::import_stream(top.path(), commit("master", 300, "Init\n") + code);
  const auto submission = tests::open(top.path());
  REQUIRE(submission.has_value());
  CHECK(submission->ref() == "master");
  CHECK(has(tests::warning(*submission, "other_branch"), "does not exist"));
}

TEST_CASE("an empty repository, none at all, and what is no directory") {
  const tests::Directory top;
  CHECK(has(tests::open(top.path()).error().what, "not the top of a git repository"));
  CHECK(has(tests::open(top.path() + "/nothing").error().what, "no such directory"));
  write(top.path() + "/app.zip", "PK");
  CHECK(has(tests::open(top.path() + "/app.zip").error().what, "not a directory"));
  tests::shell("git init -q -b main '" + top.path() + "/empty'");
  const auto empty = tests::open(top.path() + "/empty");
  REQUIRE_FALSE(empty.has_value());
  CHECK(empty.error().kind == ErrorKind::submission);
  CHECK(has(empty.error().what, "is empty"));
  CHECK_FALSE(empty.error().hint.empty());
}

TEST_CASE("a directory inside a repository is told where its top is") {
  const tests::Directory top;
  make_work_tree(top.path());
  tests::shell("mkdir '" + top.path() + "/sub'");
  const auto inside = tests::open(top.path() + "/sub");
  REQUIRE_FALSE(inside.has_value());
  CHECK(has(inside.error().hint, top.path()));
}

TEST_CASE("uncommitted changes are not graded and are named") {
  const tests::Directory top;
  make_work_tree(top.path());
  CHECK(tests::open(top.path())->warnings().empty());
  write(top.path() + "/a.py", "x = 2\n");
  write(top.path() + "/new.py", "y\n");
  const auto submission = tests::open("file://" + top.path());
  REQUIRE(submission.has_value());
  CHECK(submission->read(*submission->find("a.py")) == "x = 1\n");
  CHECK(submission->find("new.py") == nullptr);
  const auto warning = tests::warning(*submission, "uncommitted");
  CHECK(has(warning, "a.py"));
  CHECK(has(warning, "new.py"));
}

TEST_CASE("opening changes nothing in a work tree") {
  const tests::Directory top;
  make_work_tree(top.path());
  const std::string stamp =
      "find '" + top.path() + "' -printf '%p %s %T@ %m\\n' | sort | sha256sum";
  const auto before = tests::shell(stamp);
  CHECK(tests::open(top.path()).has_value());
  CHECK(tests::shell(stamp) == before);
}

TEST_CASE("the repository's configuration runs nothing and leads nowhere") {
  const tests::Directory top;
  make_work_tree(top.path());
  const std::string proof = top.path() + "/.git/ran";
  for (const auto* key : {"core.fsmonitor", "core.sshCommand", "filter.x.clean", "filter.x.smudge",
                          "filter.x.process", "diff.external", "core.pager", "core.editor"}) {
    tests::git(top.path(), std::string("config ") + key + " 'touch " + proof + "'");
  }
  write(top.path() + "/.gitattributes", "* filter=x\n");
  tests::shell("printf '#!/bin/sh\\ntouch " + proof + "\\n' > '" + top.path() +
               "/.git/hooks/post-checkout' && chmod 755 '" + top.path() +
               "/.git/hooks/post-checkout'");
  const tests::Directory other;
  write(other.path() + "/a.py", "x = 2\n");
  tests::git(top.path(), "config core.worktree '" + other.path() + "'");
  const auto submission = tests::open(top.path());
  REQUIRE(submission.has_value());
  CHECK(submission->read(*submission->find("a.py")) == "x = 1\n");
  CHECK(tests::warning(*submission, "uncommitted").empty());
  CHECK_FALSE(std::ifstream(proof).good());
}

TEST_CASE("pipes and includes in a repository are refused, never waited for") {
  const tests::Directory top;
  make_work_tree(top.path());
  const auto damaged = [&](const std::string& command) {
    tests::shell("rm -rf '" + top.path() + "-copy' && cp -r '" + top.path() + "' '" + top.path() +
                 "-copy' && cd '" + top.path() + "-copy' && " + command);
    auto submission = tests::open(top.path() + "-copy");
    tests::shell("rm -rf '" + top.path() + "-copy'");
    return submission;
  };
  for (const auto* path : {"HEAD", "config", "packed-refs", "info/exclude", "refs/heads/x",
                           "objects/pack/x", "shallow"}) {
    INFO(path);
    const auto pipe = damaged(std::string("rm -f .git/") + path + " && mkfifo .git/" + path);
    REQUIRE_FALSE(pipe.has_value());
    CHECK(has(pipe.error().what, "more than plain files"));
  }
  CHECK_FALSE(damaged("rm .git && mkfifo .git || (rm -rf .git && mkfifo .git)").has_value());
  CHECK(has(damaged("git config include.path /dev/zero").error().what, "includes other files"));
  CHECK(damaged("ln -s /bin/true .git/hooks/pre-commit").has_value());
}

TEST_CASE("pipes in a work tree are never waited for") {
  const tests::Directory top;
  make_work_tree(top.path());
  for (const auto* name : {".gitignore", ".gitattributes", "d/.gitignore"}) {
    tests::shell("cd '" + top.path() + "' && mkdir -p d && mkfifo " + name);
    const auto submission = tests::open(top.path());
    REQUIRE(submission.has_value());
    CHECK(has(tests::warning(*submission, "uncommitted"), "is not known"));
    tests::shell("rm '" + top.path() + "/" + name + "'");
  }
  tests::shell("cd '" + top.path() + "' && rm a.py && mkfifo a.py");
  CHECK(has(tests::warning(*tests::open(top.path()), "uncommitted"), "a.py"));
}

TEST_CASE("a linked work tree is opened") {
  const tests::Directory top;
  make_work_tree(top.path() + "/main");
  tests::git(top.path() + "/main", "worktree add -q -b other ../other");
  const auto submission = tests::open(top.path() + "/other");
  REQUIRE(submission.has_value());
  CHECK(submission->ref() == "other");
}

TEST_CASE("objects of another repository are refused") {
  const tests::Directory top;
  make_work_tree(top.path() + "/origin");
  tests::shell("git clone -q --shared '" + top.path() + "/origin' '" + top.path() + "/shared'");
  const auto shared = tests::open(top.path() + "/shared");
  REQUIRE_FALSE(shared.has_value());
  CHECK(has(shared.error().what, "borrows objects"));
  CHECK(has(shared.error().hint, "git repack"));
  // A link below objects would do the same.
  tests::shell("cp -r '" + top.path() + "/origin' '" + top.path() + "/linked' && cd '" +
               top.path() + "/linked/.git' && mv objects o && ln -s ../../origin/.git/objects .");
  CHECK(has(tests::open(top.path() + "/linked").error().what, "more than plain files: objects"));
}

TEST_CASE("a repository of another user is refused with the owner and the fix") {
  if (geteuid() != 0) {
    MESSAGE("not root: no repository can be given to another user");
    return;
  }
  const tests::Directory top;
  make_work_tree(top.path());
  tests::shell("chown -R daemon '" + top.path() + "'");
  const auto submission = tests::open(top.path());
  REQUIRE_FALSE(submission.has_value());
  CHECK(submission.error().kind == ErrorKind::submission);
  CHECK(has(submission.error().what, "belongs to daemon"));
  CHECK(has(submission.error().hint, "chown -R root"));
}

TEST_CASE("a work tree of another user is not looked into") {
  if (geteuid() == 0) {
    MESSAGE("root: every directory may be looked into");
    return;
  }
  const tests::Directory top;
  make_work_tree(top.path());
  tests::git(top.path(), "config core.worktree /");
  const auto submission = tests::open(top.path());
  REQUIRE_FALSE(submission.has_value());
  CHECK(has(submission.error().what, "work tree of another user"));
}

TEST_CASE("a shallow clone is graded and says that history is missing") {
  const tests::Directory top;
  tests::import_stream(top.path() + "/origin", commit("main", 100, "One\n") + file("a.py", "1") +
                                                   commit("main", 200, "Two\n") +
                                                   file("a.py", "2"));
  tests::shell("git clone -q --depth 1 'file://" + top.path() + "/origin' '" + top.path() +
               "/shallow'");
  const auto submission = tests::open(top.path() + "/shallow");
  REQUIRE(submission.has_value());
  CHECK_FALSE(tests::warning(*submission, "shallow").empty());
}

TEST_CASE("files that a partial clone lacks are named, the rest is graded") {
  const tests::Directory top;
  tests::import_stream(top.path(), commit("main", 100, "One\n") + file("a.py", "1") +
                                       file("big.bin", std::string(5000, 'b')));
  const auto oid = tests::git(top.path(), "rev-parse main:big.bin").substr(0, 40);
  tests::shell("cd '" + top.path() +
               "' && (git rev-list --objects --all | cut -d' ' -f1 | grep -v " + oid +
               ") | git pack-objects -q --stdout > new && rm -rf objects/pack/* "
               "objects/?? && git index-pack --stdin < new >/dev/null && rm new");
  const auto submission = tests::open(top.path());
  REQUIRE(submission.has_value());
  CHECK(tests::warning(*submission, "missing_files").find("big.bin") != std::string::npos);
  CHECK(submission->read(*submission->find("a.py")) == "1");
  CHECK_FALSE(submission->read(*submission->find("big.bin")).has_value());
}

TEST_CASE("a damaged repository is an error that names the object") {
  const tests::Directory top;
  make_work_tree(top.path());
  const auto oid = tests::git(top.path(), "rev-parse HEAD^{tree}").substr(0, 40);
  const auto path = top.path() + "/.git/objects/" + oid.substr(0, 2) + "/" + oid.substr(2);
  tests::shell("chmod 644 '" + path + "' && echo garbage > '" + path + "'");
  const auto submission = tests::open(top.path());
  REQUIRE_FALSE(submission.has_value());
  CHECK(submission.error().kind == ErrorKind::submission);
  CHECK(has(to_string(submission.error()), oid));
}

TEST_CASE("an object that is not what its name says is not read") {
  const tests::Directory top;
  make_work_tree(top.path());
  const auto objects = top.path() + "/.git/objects/";
  const auto real = tests::git(top.path(), "rev-parse HEAD:a.py").substr(0, 40);
  const auto forged = tests::git(top.path(), "hash-object -w --stdin", "x = 6\n").substr(0, 40);
  tests::shell("cp -f " + objects + forged.substr(0, 2) + "/" + forged.substr(2) + " " + objects +
               real.substr(0, 2) + "/" + real.substr(2));
  const auto submission = tests::open(top.path());
  REQUIRE(submission.has_value());
  CHECK_FALSE(submission->read(*submission->find("a.py")).has_value());
}
