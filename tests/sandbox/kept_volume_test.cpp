#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>

#include "tests/sandbox/boxes.hpp"

using namespace grader::sandbox;
namespace fs = std::filesystem;

namespace {

BoxResult in_volume(const Volume& volume, const std::string& script, bool read_only) {
  BoxSpec spec = testing::shell(script);
  spec.mounts.push_back(
      {.source = volume.path().string(), .target = "/srv/v", .read_only = read_only});
  return testing::run(spec);
}

fs::path kept_file() {
  const char* cache = std::getenv("XDG_CACHE_HOME");
  const fs::path folder = cache != nullptr ? cache : std::string(std::getenv("HOME")) + "/.cache";
  return folder / "grader" / "test" / ("kept-" + std::to_string(getpid()));
}

}  // namespace

TEST_CASE("a kept volume comes back with its content, and nobody can write it any more") {
  if (testing::sandbox() == nullptr) return;
  const fs::path file = kept_file();
  {
    const auto volume = testing::sandbox()->volume(64U << 20U);
    REQUIRE(volume.has_value());
    REQUIRE(volume->on_disk());
    REQUIRE(in_volume(*volume, "echo hello > /srv/v/file && ln -s file /srv/v/link", false).ok());
    REQUIRE(volume->keep(file).has_value());
    CHECK(in_volume(*volume, "cat /srv/v/link", true).out == "hello\n");
    CHECK_FALSE(in_volume(*volume, "echo bad > /srv/v/file", false).ok());
  }
  for (int time = 0; time < 2; ++time) {
    const auto first = testing::sandbox()->kept_volume(file);
    const auto second = testing::sandbox()->kept_volume(file);
    REQUIRE(first.has_value());
    REQUIRE(second.has_value());
    CHECK(in_volume(*first, "cat /srv/v/link", true).out == "hello\n");
    CHECK(in_volume(*second, "cat /srv/v/file", true).out == "hello\n");
    CHECK_FALSE(in_volume(*second, "echo bad > /srv/v/file", false).ok());
  }
  fs::remove(file);
  fs::remove(file.parent_path());
}

TEST_CASE("a file that is no volume is an error that says what to do") {
  if (testing::sandbox() == nullptr) return;
  const fs::path file = kept_file();
  fs::create_directories(file.parent_path());
  CHECK_FALSE(testing::sandbox()->kept_volume(file).has_value());
  std::ofstream(file) << std::string(1U << 20U, 'x');
  const auto broken = testing::sandbox()->kept_volume(file);
  REQUIRE_FALSE(broken.has_value());
  CHECK_FALSE(broken.error().hint.empty());
  fs::remove(file);
  fs::remove(file.parent_path());
}
