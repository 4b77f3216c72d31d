#include "grader/base/process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "grader/base/capture.hpp"
#include "grader/base/descriptor.hpp"
#include "grader/base/interrupt.hpp"
#include "grader/base/text.hpp"

namespace grader::process {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

tl::unexpected<Error> system_error(const std::string& what, const std::string& where, int number) {
  return fail(ErrorKind::internal, what + ": " + std::strerror(number), where);
}

/// Out of the way of the numbers that the child's descriptors get, so that no dup2 overwrites a
/// source that is still needed.
Descriptor above(Descriptor low, int floor) {
  if (low.get() >= floor) return low;
  return Descriptor(fcntl(low.get(), F_DUPFD_CLOEXEC, floor));
}

struct Pipe {
  Descriptor read;
  Descriptor write;
};

Pipe make_pipe(int floor) {
  std::array<int, 2> ends{-1, -1};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) return {};
  Pipe pipe{above(Descriptor(ends[0]), floor), above(Descriptor(ends[1]), floor)};
  fcntl(pipe.read.get(), F_SETFL, O_NONBLOCK);
  return pipe;
}

/// A memory file rather than a pipe: nothing to feed while the child runs, and no SIGPIPE.
Descriptor make_input(const std::string& bytes, int floor) {
  if (bytes.empty()) return above(Descriptor(open("/dev/null", O_RDONLY | O_CLOEXEC)), floor);
  Descriptor file(memfd_create("stdin", MFD_CLOEXEC));
  std::size_t done = 0;
  while (file.valid() && done < bytes.size()) {
    const ssize_t count = write(file.get(), bytes.data() + done, bytes.size() - done);
    if (count < 0 && errno != EINTR) return {};
    if (count > 0) done += static_cast<std::size_t>(count);
  }
  if (file.valid()) lseek(file.get(), 0, SEEK_SET);
  return above(std::move(file), floor);
}

std::vector<char*> pointers(const std::vector<std::string>& words) {
  std::vector<char*> result;
  result.reserve(words.size() + 1);
  // The exec family takes char* for historical reasons and does not write.
  for (const std::string& word : words) result.push_back(const_cast<char*>(word.c_str()));
  result.push_back(nullptr);
  return result;
}

/// Where the program is; empty where it is found nowhere, which starts nothing.
std::string locate(const Command& command) {
  const std::string& name = command.argv.front();
  if (name.find('/') != std::string::npos) return name;
  const char* ours = std::getenv("PATH");
  std::string folders = ours == nullptr ? "/usr/bin:/bin" : ours;
  for (const std::string& entry : command.environment)
    if (entry.starts_with("PATH=")) folders = entry.substr(5);
  for (const std::string_view folder : text::split(folders, ':')) {
    const std::string path = std::string(folder) + "/" + name;
    if (folder.starts_with('/') && access(path.c_str(), X_OK) == 0) return path;
  }
  return {};
}

/// posix_spawn's two argument objects, freed together.
struct SpawnPlan {
  posix_spawn_file_actions_t actions{};
  posix_spawnattr_t attributes{};
  SpawnPlan() {
    posix_spawn_file_actions_init(&actions);
    posix_spawnattr_init(&attributes);
  }
  SpawnPlan(const SpawnPlan&) = delete;
  SpawnPlan& operator=(const SpawnPlan&) = delete;
  ~SpawnPlan() {
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
  }
};

void set_signals_and_group(posix_spawnattr_t& attributes) {
  sigset_t none;
  sigset_t defaults;
  sigemptyset(&none);
  sigemptyset(&defaults);
  for (const int number : {SIGINT, SIGTERM, SIGHUP, SIGPIPE}) sigaddset(&defaults, number);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setsigdefault(&attributes, &defaults);
  posix_spawnattr_setpgroup(&attributes, 0);
  posix_spawnattr_setflags(
      &attributes,
      static_cast<short>(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP));
}

/// A started child and our ends of its pipes.
struct Child {
  pid_t pid = -1;
  Descriptor handle;
  Descriptor out;
  Descriptor err;
};

Result<Child> start(const Command& command) {
  if (command.argv.empty()) return fail(ErrorKind::internal, "a command without a program name");
  const std::string& program = command.argv.front();
  const int floor = 3 + static_cast<int>(command.inherit.size());
  const Descriptor input = make_input(command.input, floor);
  Pipe out = make_pipe(floor);
  Pipe err = make_pipe(floor);
  if (!input.valid() || !out.write.valid() || !err.write.valid())
    return system_error("cannot make pipes", program, errno);

  SpawnPlan plan;
  set_signals_and_group(plan.attributes);
  posix_spawn_file_actions_adddup2(&plan.actions, input.get(), 0);
  std::vector<Descriptor> copies;
  const auto pass = [&](int number, int target) {
    copies.emplace_back(fcntl(number, F_DUPFD_CLOEXEC, floor));
    return copies.back().valid() &&
           posix_spawn_file_actions_adddup2(&plan.actions, copies.back().get(), target) == 0;
  };
  bool passed = pass(command.out >= 0 ? command.out : out.write.get(), 1) &&
                pass(command.err >= 0 ? command.err : err.write.get(), 2);
  int target = 3;
  for (const int number : command.inherit) passed = passed && pass(number, target++);
  if (!passed) return system_error("cannot pass on a descriptor", program, errno);
  posix_spawn_file_actions_addclosefrom_np(&plan.actions, floor);
  if (!command.directory.empty())
    posix_spawn_file_actions_addchdir_np(&plan.actions, command.directory.c_str());

  Child child{-1, {}, std::move(out.read), std::move(err.read)};
  const int error =
      posix_spawn(&child.pid, locate(command).c_str(), &plan.actions, &plan.attributes,
                  pointers(command.argv).data(), pointers(command.environment).data());
  if (error != 0) return system_error("cannot start the program", program, error);
  // By number: <sys/pidfd.h> of glibc 2.36 lacks extern "C".
  child.handle = Descriptor(static_cast<int>(syscall(SYS_pidfd_open, child.pid, 0)));
  return child;
}

/// False at the end of the stream. At most `budget` bytes, so that a writer that outlives the child
/// cannot keep us reading.
bool read_ready(const Descriptor& pipe, Capture& capture, const OnChunk& on_chunk,
                std::size_t budget) {
  std::array<char, 65536> buffer{};
  while (budget > 0) {
    const ssize_t count = read(pipe.get(), buffer.data(), std::min(buffer.size(), budget));
    if (count == 0) return false;
    if (count < 0) return errno == EAGAIN || errno == EINTR;
    const std::string_view chunk(buffer.data(), static_cast<std::size_t>(count));
    capture.add(chunk);
    if (on_chunk) on_chunk(chunk);
    budget -= chunk.size();
  }
  return true;
}

enum class End { exited, wall, interrupt };

/// Moves output until the child ends, the wall limit or an interrupt.
End supervise(const Command& command, Child& child, Capture& out, Capture& err,
              const OnChunk& on_stderr) {
  const auto deadline = Clock::now() + command.wall;
  const int interrupt_handle = command.ignore_interrupt ? -1 : interrupt::descriptor();
  while (true) {
    if (!command.ignore_interrupt && interrupt::requested()) return End::interrupt;
    const auto left = std::chrono::ceil<milliseconds>(deadline - Clock::now()).count();
    if (left <= 0) return End::wall;
    std::array<pollfd, 4> ready{{{child.handle.get(), POLLIN, 0},
                                 {child.out.get(), POLLIN, 0},
                                 {child.err.get(), POLLIN, 0},
                                 {interrupt_handle, POLLIN, 0}}};
    const auto timeout = static_cast<int>(std::min<std::int64_t>(left, 60'000));
    if (poll(ready.data(), ready.size(), timeout) < 0) continue;
    if (ready[1].revents != 0 && !read_ready(child.out, out, {}, 1 << 20)) child.out.reset();
    if (ready[2].revents != 0 && !read_ready(child.err, err, on_stderr, 1 << 20)) child.err.reset();
    if (ready[0].revents != 0) return End::exited;
  }
}

/// Lets the child clean up for a while; its output is kept flowing meanwhile.
void ask_to_end(const Command& command, Child& child, Capture& out, Capture& err) {
  if (command.grace.count() <= 0 || kill(child.pid, SIGTERM) != 0) return;
  Command waiting;
  waiting.wall = command.grace;
  waiting.ignore_interrupt = true;
  supervise(waiting, child, out, err, {});
}

void fill_status(Outcome& outcome, End end, int status) {
  if (end != End::exited) {
    outcome.status = end == End::wall ? Outcome::Status::timed_out : Outcome::Status::interrupted;
  } else if (WIFSIGNALED(status)) {
    outcome.status = Outcome::Status::signalled;
    outcome.signal = WTERMSIG(status);
  } else {
    outcome.code = WEXITSTATUS(status);
  }
}

}  // namespace

Result<Outcome> run(const Command& command, const OnChunk& on_stderr) {
  const auto begin = Clock::now();
  auto child = start(command);
  if (!child) return tl::unexpected(child.error());
  Capture out(command.output_cap);
  Capture err(command.output_cap);
  const End end = supervise(command, *child, out, err, on_stderr);
  if (end != End::exited) {
    ask_to_end(command, *child, out, err);
    kill(-child->pid, SIGKILL);
  }
  int status = 0;
  while (waitpid(child->pid, &status, 0) < 0 && errno == EINTR) {
  }
  // What the child wrote is in the pipes by now. Their end is not waited for: a daemon that kept
  // one open would hold us.
  if (child->out.valid()) read_ready(child->out, out, {}, 1 << 20);
  if (child->err.valid()) read_ready(child->err, err, on_stderr, 1 << 20);
  Outcome outcome;
  fill_status(outcome, end, status);
  outcome.out = out.text();
  outcome.err = err.text();
  outcome.truncated = out.truncated() || err.truncated();
  outcome.wall = std::chrono::duration_cast<milliseconds>(Clock::now() - begin);
  return outcome;
}

std::vector<std::string> inherited(const std::vector<std::string>& names) {
  std::vector<std::string> result;
  for (const std::string& name : names) {
    if (const char* value = std::getenv(name.c_str())) result.push_back(name + "=" + value);
  }
  return result;
}

}  // namespace grader::process
