#pragma once

#include <atomic>
#include <chrono>
#include <mutex>
#include <string>
#include <thread>

#include "grader/base/capture.hpp"
#include "grader/base/descriptor.hpp"
#include "sandbox/box/box.hpp"
#include "sandbox/box/cgroup.hpp"
#include "sandbox/box/verdict.hpp"

namespace grader::sandbox {

/// A thread that drains the output of one running box and ends it at a limit.
class Supervisor {
 public:
  struct Watched {
    std::string id;
    Descriptor process;  ///< pidfd of process 1, our child
    Descriptor out;      ///< read ends, non-blocking
    Descriptor err;
    Limits limits;
    const Cgroups* cgroups = nullptr;
  };

  /// Watches from now on.
  explicit Supervisor(Watched watched);
  ~Supervisor();
  Supervisor(const Supervisor&) = delete;
  Supervisor& operator=(const Supervisor&) = delete;

  /// Waits for the end. Then every process of the box is dead: the kernel ends a pid namespace with
  /// its process 1.
  const Ending& wait();

  bool running() const { return !ended_; }

  /// SIGKILL to process 1, and with it to all.
  void kill();

  /// Stops or lets go all its processes at once.
  Result<void> freeze(bool frozen);

  /// What was printed to each, capped, and whether something was left out.
  std::string out() const;
  std::string err() const;
  bool truncated() const;

 private:
  using Clock = std::chrono::steady_clock;

  void watch();
  bool over_limit(Clock::time_point& next_look);
  int poll_once(Clock::time_point next_look);
  void drain(Descriptor& pipe, Capture& capture, std::size_t budget);
  void end(Ended by);
  void collect();

  Watched watched_;
  Clock::time_point begin_ = Clock::now();
  Descriptor wake_;
  Ending ending_;
  std::atomic<bool> ended_{false};
  std::atomic<bool> asked_{false};
  mutable std::mutex output_;  ///< guards the captures
  Capture out_;
  Capture err_;
  std::mutex dying_;  ///< guards the two below: what is being killed must not be frozen
  bool killed_ = false;
  bool frozen_ = false;
  std::mutex joining_;
  std::thread thread_;
};

}  // namespace grader::sandbox
