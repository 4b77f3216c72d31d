#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <thread>

#include "grader/base/interrupt.hpp"
#include "sandbox/box/cgroup.hpp"
#include "tests/sandbox/boxes.hpp"

namespace fs = std::filesystem;
using namespace grader::sandbox;
using namespace grader::sandbox::testing;
using namespace std::chrono_literals;

namespace {

/// What a grader process tells its parent: memory that both see.
struct Told {
  char id[128];
  char volume[256];
  int done;
};

Told* shared_memory() {
  void* memory =
      mmap(nullptr, sizeof(Told), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  REQUIRE(memory != MAP_FAILED);
  return static_cast<Told*>(memory);
}

/// A grader of its own that runs a box with a daemon and never ends by itself.
pid_t other_grader(Told* told, const BoxSpec& spec) {
  const pid_t child = fork();
  if (child != 0) return child;
  grader::interrupt::install();
  auto own = Sandbox::open();
  if (!own) _exit(1);
  auto volume = own->volume(8 << 20);
  auto box = own->start(spec);
  if (!volume || !box) _exit(2);
  volume->path().string().copy(told->volume, sizeof told->volume - 1);
  box->id().copy(told->id, sizeof told->id - 1);
  while (box->out().find("ready") == std::string::npos) std::this_thread::sleep_for(5ms);
  told->done = 1;
  const auto end = box->wait();
  told->done = !end && end.error().kind == grader::ErrorKind::interrupted ? 2 : 3;
  // As at the end of main().
  box = grader::fail(grader::ErrorKind::internal, "");
  volume = grader::fail(grader::ErrorKind::internal, "");
  own = grader::fail(grader::ErrorKind::internal, "");
  _exit(0);
}

BoxSpec lasting() {
  auto spec = shell("trap '' TERM; (setsid sleep 100 &) ; echo ready; sleep 100");
  spec.limits.scratch = 8 << 20;
  return spec;
}

bool alive(const Told* told) { return !Cgroups::find()->groups(told->id).empty(); }

int wait_for(pid_t child) {
  int status = 0;
  waitpid(child, &status, 0);
  return status;
}

bool mounted(const std::string& path) {
  std::ostringstream table;
  table << std::ifstream("/proc/self/mountinfo").rdbuf();
  return table.str().find(path) != std::string::npos;
}

}  // namespace

TEST_CASE("SIGKILL of a grader leaves nothing after the next one starts") {
  if (sandbox() == nullptr) return;
  Told* told = shared_memory();
  const auto spec = lasting();
  const pid_t child = other_grader(told, spec);
  for (int i = 0; i < 1000 && told->done == 0; ++i) std::this_thread::sleep_for(10ms);
  REQUIRE(told->done == 1);
  kill(child, SIGKILL);
  wait_for(child);
  CHECK(alive(told));
  CHECK(mounted(told->volume));
  CHECK(Sandbox::open().has_value());
  CHECK_FALSE(alive(told));
  CHECK_FALSE(mounted(told->volume));
  CHECK_FALSE(fs::exists(fs::path(told->volume).parent_path().parent_path()));
}

TEST_CASE("graders at once never sweep each other's boxes") {
  if (sandbox() == nullptr) return;
  Told* told = shared_memory();
  const auto spec = lasting();
  const pid_t child = other_grader(told, spec);
  for (int i = 0; i < 1000 && told->done == 0; ++i) std::this_thread::sleep_for(10ms);
  REQUIRE(told->done == 1);
  CHECK(Sandbox::open().has_value());
  CHECK(alive(told));
  CHECK(mounted(told->volume));

  SUBCASE("and an interrupt ends a grader's boxes without a sweep") {
    kill(child, SIGINT);
    CHECK(wait_for(child) == 0);
    CHECK(told->done == 2);
    CHECK_FALSE(alive(told));
    CHECK_FALSE(mounted(told->volume));
    CHECK_FALSE(fs::exists(fs::path(told->volume).parent_path().parent_path()));
  }
  kill(child, SIGKILL);
  wait_for(child);
  CHECK(Sandbox::open().has_value());
  CHECK_FALSE(alive(told));
}

TEST_CASE("without root boxes are refused with the next step") {
  if (geteuid() != 0) return;
  const pid_t child = fork();
  if (child == 0) {
    if (seteuid(65534) != 0) _exit(9);
    const auto result = Sandbox::open();
    if (result) _exit(1);
    if (result.error().kind != grader::ErrorKind::sandbox) _exit(2);
    _exit(result.error().hint.find("as root") != std::string::npos ? 0 : 3);
  }
  CHECK(WEXITSTATUS(wait_for(child)) == 0);
}
