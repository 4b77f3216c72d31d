// The doctor's own trials, in real boxes.
#include "sandbox/doctor/trials.hpp"

#include <doctest/doctest.h>

#include "grader/submission/scratch.hpp"
#include "tests/sandbox/boxes.hpp"

using namespace grader::sandbox;
using namespace grader::sandbox::testing;

TEST_CASE("every limit holds on this machine") {
  if (sandbox() == nullptr) return;
  const auto trials = try_limits(*sandbox(), root().path);
  REQUIRE_MESSAGE(trials.has_value(), grader::to_string(trials.error()));
  CHECK(trials->size() >= 15);
  for (const Trial& trial : *trials) CHECK_MESSAGE(trial.held, trial.name << ": " << trial.saw);
  CHECK(all_held(*trials));
}

TEST_CASE("one limit that does not hold is enough to say no, and no trial proves nothing") {
  CHECK_FALSE(all_held({}));
  CHECK_FALSE(all_held({{"a", "", true, "", 0}, {"b", "", false, "", 0}}));
}

TEST_CASE("what was proven once is not tried again") {
  if (sandbox() == nullptr) return;
  const auto scratch = grader::submission::Scratch::make({});
  REQUIRE(scratch.has_value());
  const std::filesystem::path cache = scratch->path();
  const auto first = ensure_proven(*sandbox(), root().path, cache);
  REQUIRE_MESSAGE(first.has_value(), grader::to_string(first.error()));
  const auto begun = std::chrono::steady_clock::now();
  CHECK(ensure_proven(*sandbox(), root().path, cache).has_value());
  CHECK(std::chrono::steady_clock::now() - begun < std::chrono::milliseconds(500));
}
