// The program on machines where boxes cannot be made or cannot do their work: each case takes
// something away in a mount or network namespace of its own. Needs root.
#include <doctest/doctest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "grader/base/process.hpp"
#include "grader/base/text.hpp"

namespace {

namespace fs = std::filesystem;
using grader::process::Outcome;

/// A folder with a small submission in it, gone with the value.
class Folder {
 public:
  Folder() {
    std::string name = fs::temp_directory_path() / "without-boxes-XXXXXX";
    REQUIRE(mkdtemp(name.data()) != nullptr);
    path_ = name;
    fs::permissions(path_, fs::perms::all);
    sh("cp -r fixtures/rehearsal/good " + path("work") + " && cd " + path("work") +
       " && git init -q && git add -A && git -c user.name=a -c user.email=a@b.example commit -qm "
       "one && git clone -q --bare . " +
       path("repo.git") + " && chmod 755 " + path_.string());
  }
  ~Folder() { fs::remove_all(path_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  std::string path(const std::string& name) const { return path_ / name; }

  Outcome sh(const std::string& script, const std::vector<std::string>& before = {}) const {
    grader::process::Command command;
    command.argv = before;
    command.argv.insert(command.argv.end(), {"/bin/sh", "-ec", script});
    command.environment = grader::process::inherited({"PATH", "HOME", "XDG_CACHE_HOME"});
    command.wall = std::chrono::minutes(5);
    const auto outcome = grader::process::run(command);
    REQUIRE(outcome.has_value());
    return *outcome;
  }

  /// `grader grade` of the submission after `script`, in namespaces of its own.
  Outcome grade(const std::string& script, const std::string& options,
                const std::vector<std::string>& before = {"unshare", "-m"},
                const std::string& program = GRADER_PROGRAM) const {
    const Outcome outcome = sh(script + "\nexec " + program + " grade " + path("repo.git") +
                                   " --as-of 1714500000 " + options + " --out " + path("out"),
                               before);
    INFO(outcome.err);
    return outcome;
  }

  std::string report() const {
    std::ifstream file(path("out/report.json"));
    return {std::istreambuf_iterator<char>(file), {}};
  }

 private:
  fs::path path_;
};

bool says(const std::string& text, std::string_view words) {
  return text.find(words) != std::string::npos;
}

constexpr const char* hide_runc =
    "for f in /usr/sbin/runc /usr/bin/runc /usr/local/sbin/runc /usr/local/bin/runc; do\n"
    "  if [ -e $f ]; then mount --bind /dev/null $f; fi; done";

}  // namespace

TEST_CASE("without runc a full grading says what is missing, a static one grades") {
  const Folder folder;
  const Outcome full = folder.grade(hide_runc, "");
  CHECK(full.code == 5);
  CHECK(says(full.err, "runc is missing"));
  CHECK(says(full.err, "next: apt-get install runc"));
  CHECK(folder.report().empty());

  const Outcome read = folder.grade(hide_runc, "--static");
  CHECK(read.code == 0);
  CHECK(says(read.err, "the style tools were not run: runc is missing"));
  CHECK(says(folder.report(), "\"basis\": \"static\""));
}

TEST_CASE("an ordinary user is told that boxes need root, and can grade by reading") {
  const Folder folder;
  folder.sh("chown -R 65534 " + folder.path("repo.git") + "; install -d -o 65534 " +
            folder.path("out"));
  const std::vector<std::string> nobody = {"setpriv", "--reuid=65534", "--regid=65534",
                                           "--clear-groups"};
  // The build may lie where only root can go.
  folder.sh("cd " + folder.path("") +
            " && mkdir -p bin share/grader && cp " GRADER_PROGRAM
            " bin && cp -r \"$OLDPWD/rubrics\" share/grader && chmod -R a+rX .");
  const std::string program = folder.path("bin/grader");
  const Outcome full = folder.grade("", "", nobody, program);
  CHECK(full.code == 5);
  CHECK(says(full.err, "boxes can be made by root only"));
  CHECK(says(full.err, "--static --no-lint"));
  const Outcome read = folder.grade("", "--static --no-lint", nobody, program);
  CHECK(read.code == 0);
  CHECK(says(folder.report(), "\"basis\": \"static\""));
}

TEST_CASE("a full disk for temporary files leaves a report of what was read") {
  const Folder folder;
  const Outcome full =
      folder.grade("mkdir " + folder.path("small") + "\nmount -t tmpfs -o size=8k none " +
                       folder.path("small") + "\nexport TMPDIR=" + folder.path("small"),
                   "");
  CHECK(full.code == 5);
  CHECK(says(full.err, "No space left on device"));
  CHECK(says(full.err, "next: free some"));
  CHECK(says(folder.report(), "\"basis\": \"static\""));
}

TEST_CASE("a full disk for reports is said, with the next step") {
  const Folder folder;
  const Outcome full = folder.grade(
      "mkdir " + folder.path("out") + "\nmount -t tmpfs -o size=4k none " + folder.path("out"),
      "--static --no-lint");
  CHECK(full.code == 2);
  CHECK(says(full.err, "the report could not be written: No space left on device"));
  CHECK(says(full.err, "choose another folder with --out"));
}

TEST_CASE("without a network and with an empty cache nothing of the submission is to blame") {
  const Folder folder;
  const char* const cache = std::getenv("XDG_CACHE_HOME");
  const std::string usual = cache != nullptr ? cache : std::string(std::getenv("HOME")) + "/.cache";
  // The root file system is there: it is the distributions that cannot be fetched.
  const Outcome cut = folder.grade("mkdir -p " + folder.path("cache/grader") + "\nln -s " + usual +
                                       "/grader/rootfs " + folder.path("cache/grader/rootfs") +
                                       "\nexport XDG_CACHE_HOME=" + folder.path("cache"),
                                   "", {"unshare", "-n"});
  CHECK(cut.code == 5);
  CHECK(says(cut.err, "the application was not started"));
  CHECK(says(cut.err, "package index"));
  const std::string report = folder.report();
  CHECK(says(report, "\"basis\": \"static\""));
  CHECK_FALSE(says(report, "repair.left_out"));
}
