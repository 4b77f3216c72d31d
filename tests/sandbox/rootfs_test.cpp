#include "sandbox/environment/rootfs.hpp"

#include <doctest/doctest.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>

#include "grader/base/process.hpp"

namespace fs = std::filesystem;
using grader::sandbox::ensure_root_file_system;
using namespace std::chrono_literals;

namespace {

grader::process::Outcome script(const std::vector<std::string>& arguments,
                                std::vector<std::string> environment) {
  grader::process::Command command;
  command.argv = {"sandbox/environment/build-rootfs"};
  command.argv.insert(command.argv.end(), arguments.begin(), arguments.end());
  command.environment = std::move(environment);
  command.wall = 15min;
  auto outcome = grader::process::run(command);
  REQUIRE(outcome.has_value());
  return *outcome;
}

}  // namespace

TEST_CASE("the root file system is built once and is fit for boxes") {
  if (geteuid() != 0) {
    std::puts("SKIP: the root file system of boxes can be built by root only");
    return;
  }
  const auto root = ensure_root_file_system();
  if (!root) MESSAGE(grader::to_string(root.error()));
  REQUIRE(root.has_value());
  CHECK(root->digest.size() == 64);
  CHECK(fs::exists(root->path / "usr/bin/tini"));
  CHECK(fs::exists(root->path / "usr/bin/python3"));
  CHECK(fs::is_empty(root->path / "root"));
  CHECK_FALSE(fs::exists(root->path / "etc/shadow"));
  for (auto entry = fs::recursive_directory_iterator(root->path);
       entry != fs::recursive_directory_iterator(); ++entry) {
    const auto status = entry->symlink_status();
    CHECK_FALSE(fs::is_block_file(status));
    CHECK_FALSE(fs::is_character_file(status));
    if (fs::is_regular_file(status))
      CHECK((status.permissions() & (fs::perms::set_uid | fs::perms::set_gid)) == fs::perms::none);
  }

  SUBCASE("the set-up's script and the program agree where it lies, and that it is unchanged") {
    const auto again = script({"--verify"}, grader::process::inherited({"HOME", "XDG_CACHE_HOME"}));
    CHECK(again.ok());
    CHECK(again.out == root->path.parent_path().string() + "\n");
    CHECK(again.err.empty());
  }
}

TEST_CASE("what cannot be built says why and what to do") {
  const auto wrong =
      script({"--suite", "no-such-release"},
             {"HOME=/nonexistent",
              "XDG_CACHE_HOME=" + fs::temp_directory_path().string() + "/grader-rootfs-test"});
  CHECK(wrong.code == 1);
  if (geteuid() == 0)
    CHECK(wrong.err.find("apt's sources do not name no-such-release") != std::string::npos);
  CHECK(wrong.err.find("\n  next: ") != std::string::npos);
  fs::remove_all(fs::temp_directory_path() / "grader-rootfs-test");
  CHECK(script({"--bogus"}, {}).code == 2);
}
