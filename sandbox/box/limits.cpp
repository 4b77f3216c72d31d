#include "sandbox/box/limits.hpp"

namespace grader::sandbox {

using namespace std::chrono_literals;

Limits install_limits() {
  Limits limits;
  limits.memory = 2ULL << 30U;
  limits.pids = 256;
  limits.wall = 180s;
  limits.cpu_time = 180s;
  // A machine's processors are shared by graders that run side by side; two make uv fast.
  limits.cpu_percent = 200;
  limits.scratch = 1ULL << 30U;
  limits.file_size = 512ULL << 20U;
  return limits;
}

Limits test_limits() {
  Limits limits;
  limits.scratch = 256ULL << 20U;
  return limits;
}

Limits server_limits() {
  Limits limits;
  limits.memory = 512ULL << 20U;
  limits.pids = 64;
  limits.wall = 300s;
  limits.cpu_time = 120s;
  return limits;
}

}  // namespace grader::sandbox
