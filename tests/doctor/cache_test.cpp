#include "sandbox/doctor/cache.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <fstream>

#include "grader/base/text.hpp"
#include "grader/submission/scratch.hpp"

using namespace grader::sandbox;
namespace fs = std::filesystem;

namespace {

void write(const fs::path& file, const std::string& bytes) {
  fs::create_directories(file.parent_path());
  std::ofstream(file, std::ios::binary) << bytes;
}

void age(const fs::path& path, std::chrono::hours hours) {
  fs::last_write_time(path, fs::file_time_type::clock::now() - hours);
}

const CachePart& part(const std::vector<CachePart>& parts, std::string_view name) {
  const auto found = std::ranges::find(parts, name, &CachePart::name);
  REQUIRE(found != parts.end());
  return *found;
}

}  // namespace

TEST_CASE("the cache is counted by parts, in bytes on disk") {
  const auto scratch = grader::submission::Scratch::make({});
  REQUIRE(scratch.has_value());
  const fs::path cache = scratch->path();
  CHECK(part(cache_parts(cache / "none"), "wheels").entries == 0);
  write(cache / "wheels/aa/one.whl", std::string(10'000, 'x'));
  write(cache / "rootfs/.lock", "");
  write(cache / "environments/one.ext4", "x");
  fs::resize_file(cache / "environments/one.ext4", 1ULL << 30U);
  age(cache / "environments/one.ext4", std::chrono::hours(24 * 9 + 1));
  const auto parts = cache_parts(cache);
  CHECK(part(parts, "wheels").entries == 1);
  CHECK(part(parts, "wheels").bytes >= 10'000);
  CHECK(part(parts, "rootfs").entries == 0);
  CHECK(part(parts, "environments").bytes < (1U << 20U));
  CHECK(part(parts, "environments").idle_days == 9);
}

TEST_CASE("only what was not used for long goes, and nothing that is not a part") {
  const auto scratch = grader::submission::Scratch::make({});
  REQUIRE(scratch.has_value());
  const fs::path cache = scratch->path();
  write(cache / "wheels/old/one.whl", "x");
  write(cache / "wheels/new/two.whl", "x");
  write(cache / "rootfs/old/manifest", "x");
  write(cache / "tools/old", "x");
  fs::create_symlink(cache / "tools", cache / "pages");
  for (const char* name : {"wheels/old", "rootfs/old", "tools/old"}) {
    age(cache / name, std::chrono::hours(24 * 40));
  }
  const Pruned pruned = prune_cache(cache, std::chrono::hours(24 * 30), false);
  CHECK(fs::exists(cache / "wheels/new/two.whl"));
  CHECK_FALSE(fs::exists(cache / "wheels/old"));
  CHECK(fs::exists(cache / "rootfs/old"));
  CHECK(fs::exists(cache / "tools/old"));
  CHECK(pruned.entries == 1);
  CHECK(prune_cache(cache, std::chrono::hours(24 * 30), true).entries == 1);
  CHECK_FALSE(fs::exists(cache / "rootfs/old"));
}

TEST_CASE("what differs from the digest that names it is damaged, and goes where asked") {
  const auto scratch = grader::submission::Scratch::make({});
  REQUIRE(scratch.has_value());
  const fs::path cache = scratch->path();
  const std::string digest = grader::text::sha256("good");
  write(cache / "wheels" / digest / "good-1-py3-none-any.whl", "good");
  write(cache / "sources" / digest / "bad-1.tar.gz", "baD");
  write(cache / "built/one" / digest / "good-1-py3-none-any.whl", "good");
  fs::create_directories(cache / "wheels" / std::string(64, 'a'));
  fs::create_directories(cache / "wheels" / std::string(64, 'b'));
  fs::create_symlink("/etc/passwd", cache / "wheels" / std::string(64, 'b') / "x.whl");
  write(cache / "environments/torn.ext4", "no file system");
  const Verified verified = verify_cache(cache, false);
  CHECK(verified.entries == 6);
  CHECK(verified.damages.size() == 4);
  CHECK(fs::exists(cache / "sources" / digest));
  verify_cache(cache, true);
  CHECK_FALSE(fs::exists(cache / "sources" / digest));
  CHECK(fs::exists(cache / "wheels" / digest));
  CHECK(verify_cache(cache, false).damages.empty());
}
