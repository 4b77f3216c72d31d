#include "sandbox/box/supervisor.hpp"

#include <poll.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>

#include "grader/base/interrupt.hpp"

namespace grader::sandbox {
namespace {

using std::chrono::milliseconds;

// <sys/wait.h> of glibc 2.36 has P_PIDFD; the number is the kernel's.
constexpr idtype_t by_handle = P_PIDFD;

}  // namespace

Supervisor::Supervisor(Watched watched)
    : watched_(std::move(watched)),
      wake_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)),
      out_(watched_.limits.output_kept),
      err_(watched_.limits.output_kept),
      thread_([this] { watch(); }) {}

Supervisor::~Supervisor() {
  kill();
  wait();
}

const Ending& Supervisor::wait() {
  const std::lock_guard guard(joining_);
  if (thread_.joinable()) thread_.join();
  return ending_;
}

void Supervisor::kill() {
  if (ended_) return;
  asked_ = true;
  eventfd_write(wake_.get(), 1);
}

void Supervisor::end(Ended by) {
  const std::lock_guard guard(dying_);
  if (killed_) return;
  killed_ = true;
  ending_.by = by;
  syscall(SYS_pidfd_send_signal, watched_.process.get(), SIGKILL, nullptr, 0);
  // In a frozen group nothing dies (control groups version 1).
  if (frozen_) static_cast<void>(watched_.cgroups->freeze(watched_.id, false));
}

Result<void> Supervisor::freeze(bool frozen) {
  const std::lock_guard guard(dying_);
  if (killed_ || ended_)
    return fail(ErrorKind::sandbox, "the box has ended", watched_.id, "read its result");
  frozen_ = frozen;
  return watched_.cgroups->freeze(watched_.id, frozen);
}

void Supervisor::drain(Descriptor& pipe, Capture& capture, std::size_t budget) {
  std::array<char, 65536> buffer{};
  while (pipe.valid() && budget > 0) {
    const ssize_t count = read(pipe.get(), buffer.data(), std::min(buffer.size(), budget));
    if (count < 0) {
      if (errno != EAGAIN && errno != EINTR) pipe.reset();
      return;
    }
    if (count == 0) {
      pipe.reset();
      return;
    }
    const std::lock_guard guard(output_);
    capture.add({buffer.data(), static_cast<std::size_t>(count)});
    budget -= static_cast<std::size_t>(count);
  }
}

/// Processor time cannot be waited for: looks again when the rest could have been used up.
bool Supervisor::over_limit(Clock::time_point& next_look) {
  const Limits& limits = watched_.limits;
  if (Clock::now() - begin_ >= limits.wall) return end(Ended::wall), true;
  if (out_.total() + err_.total() > limits.output_total) return end(Ended::output), true;
  if (Clock::now() < next_look) return false;
  const std::chrono::microseconds used(watched_.cgroups->cpu_us(watched_.id));
  if (used >= limits.cpu_time) return end(Ended::cpu), true;
  const auto left = std::chrono::duration_cast<milliseconds>(limits.cpu_time - used);
  next_look =
      Clock::now() + std::max(left * 100 / std::max(limits.cpu_percent, 1), milliseconds(20));
  return false;
}

/// The index of what happened: 0 the box ended; negative for a timeout.
int Supervisor::poll_once(Clock::time_point next_look) {
  const auto until = std::min(begin_ + watched_.limits.wall, next_look);
  const auto left = std::chrono::ceil<milliseconds>(until - Clock::now()).count();
  const bool dying = killed_;
  std::array<pollfd, 5> ready{{{watched_.process.get(), POLLIN, 0},
                               {watched_.out.get(), POLLIN, 0},
                               {watched_.err.get(), POLLIN, 0},
                               {dying ? -1 : wake_.get(), POLLIN, 0},
                               {dying ? -1 : interrupt::descriptor(), POLLIN, 0}}};
  const auto timeout = dying ? 1000 : static_cast<int>(std::clamp<std::int64_t>(left, 0, 60'000));
  if (poll(ready.data(), ready.size(), timeout) <= 0) return -1;
  if (ready[1].revents != 0) drain(watched_.out, out_, 1 << 20);
  if (ready[2].revents != 0) drain(watched_.err, err_, 1 << 20);
  return ready[0].revents != 0 ? 0 : 1;
}

void Supervisor::watch() {
  auto next_look = begin_;
  while (poll_once(next_look) != 0) {
    if (killed_) continue;
    if (interrupt::requested()) {
      end(Ended::interrupted);
    } else if (asked_) {
      end(Ended::killed);
    } else {
      over_limit(next_look);
    }
  }
  collect();
}

void Supervisor::collect() {
  ending_.wall = std::chrono::duration_cast<milliseconds>(Clock::now() - begin_);
  // All writers are dead: what is in the pipes is all that comes.
  drain(watched_.out, out_, 1 << 20);
  drain(watched_.err, err_, 1 << 20);
  siginfo_t info{};
  const auto handle = static_cast<id_t>(watched_.process.get());
  while (waitid(by_handle, handle, &info, WEXITED) != 0 && errno == EINTR) {
  }
  ending_.exited = info.si_code == CLD_EXITED;
  ending_.number = info.si_status;
  ending_.known = info.si_pid != 0;
  ending_.counters = watched_.cgroups->counters(watched_.id);
  ended_ = true;
}

std::string Supervisor::out() const {
  const std::lock_guard guard(output_);
  return out_.text();
}

std::string Supervisor::err() const {
  const std::lock_guard guard(output_);
  return err_.text();
}

bool Supervisor::truncated() const {
  const std::lock_guard guard(output_);
  return out_.truncated() || err_.truncated();
}

}  // namespace grader::sandbox
