#include "sandbox/environment/wheels.hpp"

#include <doctest/doctest.h>

#include "grader/base/text.hpp"
#include "grader/submission/scratch.hpp"

using namespace grader::sandbox;

namespace {

Wheel wheel(std::string bytes) {
  return {"django", "4.2", "django-4.2-py3-none-any.whl", grader::text::sha256(bytes)};
}

}  // namespace

TEST_CASE("only bytes of the named digest enter the store") {
  const auto folder = grader::submission::Scratch::make({});
  REQUIRE(folder.has_value());
  const WheelStore store(folder->path() + "/wheels");
  CHECK(store.digests().empty());
  CHECK_FALSE(store.add(wheel("other"), "bytes").has_value());
  CHECK(store.digests().empty());
  REQUIRE(store.add(wheel("bytes"), "bytes").has_value());
  CHECK(store.has(wheel("bytes")));
  CHECK_FALSE(store.has(wheel("other")));
  CHECK(store.digests() == std::vector<std::string>{wheel("bytes").sha256});
}

TEST_CASE("names that would lead out of the store are unsound") {
  CHECK(is_sound(wheel("x")));
  for (const char* file :
       {"../x.whl", "a/b.whl", ".x.whl", "-x.whl", "x.exe", "", "a b.whl", "a\n.whl"}) {
    Wheel bad = wheel("x");
    bad.file = file;
    CHECK_FALSE(is_sound(bad));
  }
  Wheel bad = wheel("x");
  bad.sha256 = "../../../../etc/passwd";
  CHECK_FALSE(is_sound(bad));
  bad = wheel("x");
  bad.sha256[0] = 'A';
  CHECK_FALSE(is_sound(bad));
}
