#include "sandbox/box/box.hpp"

#include "tests/sandbox/boxes.hpp"

using namespace grader::sandbox;
using namespace grader::sandbox::testing;
using namespace std::chrono_literals;
using Status = BoxResult::Status;

TEST_CASE("a box runs, prints and ends") {
  if (sandbox() == nullptr) return;
  const auto result = run(shell("id -u; pwd; echo err >&2; exit 3"));
  CHECK(result.status == Status::nonzero);
  CHECK(result.code == 3);
  CHECK(result.out == "65534\n/\n");
  CHECK(result.err == "err\n");
  CHECK(result.peak_bytes > 0);
  CHECK(result.detail == "ended with exit code 3");
  MESSAGE(result.wall_ms, " ms, cpu ", result.cpu_ms, " peak ", result.peak_bytes);
}
