#include <doctest/doctest.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <fstream>

#include "grader/base/descriptor.hpp"
#include "tests/submission/repository.hpp"

using namespace std::string_literals;
using grader::ErrorKind;
using grader::submission::Limits;
using grader::submission::Mode;
using tests::commit;
using tests::file;

namespace {

/// One commit with these files.
std::string tree(const std::string& files) { return commit("main", 100, "All\n") + files; }

std::vector<std::string> paths(const grader::submission::Submission& submission) {
  std::vector<std::string> result;
  for (const auto& entry : submission.entries()) result.push_back(entry.path);
  return result;
}

grader::Result<void> write_out(const grader::submission::Submission& submission,
                               const std::string& directory) {
  const grader::Descriptor fd(::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  REQUIRE(fd.valid());
  return submission.materialise(fd.get());
}

/// A tree object with names that git's own commands refuse: "MODE NAME" and an object each.
std::string raw_tree(const std::string& repository,
                     const std::vector<std::pair<std::string, std::string>>& entries) {
  std::string escaped;
  for (const auto& [name, oid] : entries) {
    escaped += name + "\\000";
    for (std::size_t i = 0; i < oid.size(); i += 2) {
      escaped += fmt::format("\\{:03o}", std::stoi(oid.substr(i, 2), nullptr, 16));
    }
  }
  auto made = tests::shell("printf '" + escaped + "' | git --git-dir='" + repository +
                           "' hash-object -t tree -w --stdin --literally");
  made.pop_back();
  return made;
}

std::string blob(const std::string& repository, const std::string& content) {
  auto made = tests::git(repository, "hash-object -w --stdin", content);
  made.pop_back();
  return made;
}

void commit_tree(const std::string& repository, const std::string& tree) {
  tests::git(repository, "update-ref refs/heads/main $(git commit-tree -m x " + tree + ")");
}

}  // namespace

TEST_CASE("entries come sorted by path as bytes, with mode and size") {
  const tests::Directory top;
  tests::import_stream(top.path(), tree(file("a/x.py", "12") + file("a.py", "1") +
                                        file("a-b", "", "100755") + file("a0", "a.py", "120000") +
                                        file(R"("caf\351.py")", "latin") + file("Ж.py", "x")));
  const auto submission = tests::open(top.path());
  REQUIRE(submission.has_value());
  CHECK(paths(*submission) ==
        std::vector<std::string>{"a-b", "a.py", "a/x.py", "a0", "caf\xE9.py", "Ж.py"});
  CHECK(submission->entries()[0].mode == Mode::executable);
  CHECK(submission->entries()[2].size == 2);
  CHECK(submission->entries()[3].mode == Mode::symlink);
  REQUIRE(submission->find("a/x.py") != nullptr);
  CHECK(submission->find("a/x.py")->size == 2);
  CHECK(submission->find("a/x") == nullptr);
  CHECK(submission->find("zzz") == nullptr);
  CHECK(submission->read(submission->entries()[3]) == "a.py");
  CHECK(submission->warnings().empty());
}

TEST_CASE("materialise writes plain modes whatever the umask is") {
  const tests::Directory top;
  const tests::Directory out;
  tests::import_stream(
      top.path(), tree(file("run.sh", "#!/bin/sh\n", "100755") + file("a/b/c.py", "x = 1\n") +
                       file("a-b/d", "") + file("a/z", "z") + file("a/link", "b/c.py", "120000") +
                       file("up", "./a/../a", "120000") + file("a/b/back", "../z", "120000")));
  const auto submission = tests::open(top.path());
  REQUIRE(submission.has_value());
  const auto before = umask(0077);
  const auto done = write_out(*submission, out.path());
  umask(before);
  REQUIRE(done.has_value());
  CHECK(tests::listing(out.path()) ==
        std::vector<std::string>{"755 a-b/", "644 0 a-b/d", "755 a/", "755 a/b/",
                                 "link a/b/back -> ../z", "644 6 a/b/c.py", "link a/link -> b/c.py",
                                 "644 1 a/z", "755 10 run.sh"});
  CHECK(tests::warning(*submission, "unsafe_links").find("up") != std::string::npos);
}

TEST_CASE("links out of the tree are left out and nothing is written through one") {
  const tests::Directory top;
  const tests::Directory out;
  const std::string long_target = "a/"s + std::string(5000, 'b');
  tests::import_stream(
      top.path(),
      tree(file("absolute", "/etc/passwd", "120000") + file("parent", "../x", "120000") +
           file("d1/d2/up", "../..", "120000") + file("d1/d2/d3/out", "../up/../..", "120000") +
           file("d1/deep", "../../x", "120000") + file("empty", "", "120000") +
           file("long", long_target, "120000") + file("self", ".", "120000")));
  const auto submission = tests::open(top.path());
  REQUIRE(submission.has_value());
  REQUIRE(write_out(*submission, out.path()).has_value());
  CHECK(tests::listing(out.path()) ==
        std::vector<std::string>{"755 d1/", "755 d1/d2/", "755 d1/d2/d3/", "link d1/d2/up -> ../..",
                                 "link self -> ."});
  const auto warning = tests::warning(*submission, "unsafe_links");
  for (const auto* name : {"absolute", "d1/d2/d3/out", "d1/deep", "empty", "and 1 more"}) {
    CHECK(warning.find(name) != std::string::npos);
  }
}

TEST_CASE("names that leave the tree, repeat or imitate .git are left out") {
  const tests::Directory top;
  const tests::Directory out;
  tests::import_stream(top.path(), tree(file("good.py", "x")));
  const auto content = blob(top.path(), "evil");
  const auto inner = raw_tree(top.path(), {{"100644 config", content}});
  commit_tree(top.path(), raw_tree(top.path(), {{"100644 ..", content},
                                                {"40000 ..", inner},
                                                {"100644 .", content},
                                                {"40000 .GIT", inner},
                                                {"100644 a/b", content},
                                                {"100644 ../escape", content},
                                                {"120000 twin", blob(top.path(), "..")},
                                                {"40000 twin", inner},
                                                {"100644 " + std::string(256, 'n'), content},
                                                {"100644 " + std::string(255, 'm'), content},
                                                {"100644 good.py", content}}));
  const auto submission = tests::open(top.path());
  REQUIRE(submission.has_value());
  CHECK(paths(*submission) == std::vector<std::string>{"good.py", std::string(255, 'm'), "twin"});
  CHECK(tests::warning(*submission, "unsafe_names").find(".GIT") != std::string::npos);
  REQUIRE(write_out(*submission, out.path()).has_value());
  CHECK(tests::listing(out.path()) ==
        std::vector<std::string>{"644 4 good.py", "644 4 " + std::string(255, 'm')});
}

TEST_CASE("control characters in names are kept as bytes and shown escaped") {
  const tests::Directory top;
  const tests::Directory out;
  const std::string name = "evil\n\x1b[2J\x07.py";
  tests::import_stream(top.path(), tree(file(R"("evil\n\033[2J\a.py")", "x") +
                                        file(R"("EVIL\n\033[2J\a.py")", "y")));
  const auto submission = tests::open(top.path());
  REQUIRE(submission.has_value());
  REQUIRE(submission->entries().size() == 2);
  CHECK(submission->entries()[1].path == name);
  REQUIRE(write_out(*submission, out.path()).has_value());
  std::ifstream written(out.path() + "/" + name);
  CHECK(written.get() == 'x');
  const auto warning = tests::warning(*submission, "colliding_names");
  CHECK_FALSE(warning.empty());
  CHECK(warning.find('\n') == std::string::npos);
  CHECK(warning.find('\x1b') == std::string::npos);
}

TEST_CASE("submodules and pointers to Git LFS are named, never fetched") {
  const tests::Directory top;
  const tests::Directory out;
  const std::string pointer =
      "version https://git-lfs.github.com/spec/v1\noid sha256:" + std::string(64, 'a') +
      "\nsize 12345\n";
  tests::import_stream(
      top.path(),
      tree("M 160000 " + std::string(40, '1') + " vendor/lib\n" +
           file(".gitmodules", "[submodule \"x\"]\n\turl = ext::id\n") + file("big.bin", pointer)));
  const auto submission = tests::open(top.path());
  REQUIRE(submission.has_value());
  REQUIRE(submission->find("vendor/lib") != nullptr);
  CHECK(submission->find("vendor/lib")->mode == Mode::submodule);
  CHECK_FALSE(submission->read(*submission->find("vendor/lib")).has_value());
  CHECK(tests::warning(*submission, "submodules").find("vendor/lib") != std::string::npos);
  CHECK(tests::warning(*submission, "lfs").find("big.bin") != std::string::npos);
  REQUIRE(write_out(*submission, out.path()).has_value());
  const auto written = tests::listing(out.path());
  CHECK(std::ranges::find(written, "755 vendor/lib/") != written.end());
}

TEST_CASE("ten thousand levels of folders are refused") {
  const tests::Directory top;
  std::string path;
  for (int i = 0; i < 10'000; ++i) path += "d/";
  tests::import_stream(top.path(), tree(file(path + "x.py", "x")));
  const auto submission = tests::open(top.path());
  REQUIRE_FALSE(submission.has_value());
  CHECK(submission.error().kind == ErrorKind::submission);
  CHECK(submission.error().what.find("more than 100 deep") != std::string::npos);
}

TEST_CASE("a tree that repeats itself is refused within the limit of files") {
  const tests::Directory top;
  tests::import_stream(top.path(), tree(file("x.py", "x")));
  auto entry = std::pair<std::string, std::string>{"100644 ", blob(top.path(), "x")};
  for (int level = 0; level < 12; ++level) {
    std::vector<std::pair<std::string, std::string>> entries;
    entries.reserve(10);
    for (int i = 0; i < 10; ++i) {
      entries.emplace_back(entry.first + static_cast<char>('a' + i), entry.second);
    }
    entry = {"40000 ", raw_tree(top.path(), entries)};
  }
  commit_tree(top.path(), entry.second);
  const auto submission = tests::open(top.path());
  REQUIRE_FALSE(submission.has_value());
  CHECK(submission.error().what.find("over a limit") != std::string::npos);
}

TEST_CASE("limits on files, objects and sizes") {
  const tests::Directory top;
  const tests::Directory out;
  tests::import_stream(top.path(), tree(file("a.py", "x") + file("b.py", std::string(3000, 'b')) +
                                        file("c.py", "y")));
  CHECK(tests::open(top.path()).has_value());

  CHECK_FALSE(tests::open(top.path(), "", {.files = 2}).has_value());
  CHECK_FALSE(tests::open(top.path(), "", {.objects = 4}).has_value());
  CHECK(tests::open(top.path(), "", {.objects = 5}).has_value());
  const auto large = tests::open(top.path(), "", {.object_bytes = 2999});
  REQUIRE_FALSE(large.has_value());
  CHECK(large.error().what.find("3000 bytes, more than 2999") != std::string::npos);

  const auto unread = tests::open(top.path(), "", {.read_bytes = 2999});
  REQUIRE(unread.has_value());
  CHECK_FALSE(unread->read(*unread->find("b.py")).has_value());
  CHECK(unread->read(*unread->find("c.py")) == "y");

  const auto left_out = tests::open(top.path(), "", {.file_bytes = 2999});
  REQUIRE(left_out.has_value());
  CHECK(tests::warning(*left_out, "large_files").find("b.py") != std::string::npos);
  REQUIRE(write_out(*left_out, out.path()).has_value());
  CHECK(tests::listing(out.path()) == std::vector<std::string>{"644 1 a.py", "644 1 c.py"});

  const tests::Directory other;
  const auto whole = tests::open(top.path(), "", {.tree_bytes = 3001});
  REQUIRE(whole.has_value());
  CHECK_FALSE(write_out(*whole, other.path()).has_value());
}

TEST_CASE("a small pack that unpacks to far more than the limit is refused") {
  const tests::Directory top;
  tests::import_stream(top.path(), tree(file("x.py", "x")));
  tests::shell("cd '" + top.path() +
               "' && for n in 1 2; do (head -c 20000000 /dev/zero; echo $n) | git hash-object -w "
               "--stdin; done | git pack-objects -q objects/pack/pack && rm -rf objects/??");
  const auto pack = tests::shell("du -bc '" + top.path() + "'/objects/pack/*.pack | tail -n 1");
  CHECK(std::stoi(pack) < 100'000);
  const auto submission = tests::open(top.path(), "", {.object_bytes = 10'000'000});
  REQUIRE_FALSE(submission.has_value());
  CHECK(submission.error().what.find("more than 10000000") != std::string::npos);
}

TEST_CASE("materialise fails where something is in the way") {
  const tests::Directory top;
  const tests::Directory out;
  tests::import_stream(top.path(), tree(file("a/x.py", "x")));
  const auto submission = tests::open(top.path());
  REQUIRE(submission.has_value());
  tests::shell("ln -s /tmp '" + out.path() + "/a'");
  CHECK_FALSE(write_out(*submission, out.path()).has_value());
}
