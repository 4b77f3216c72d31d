#include "sandbox/box/verdict.hpp"

#include <fmt/format.h>

namespace grader::sandbox {
namespace {

using Status = BoxResult::Status;

/// tini, like a shell, exits with 128 + the signal that ended the program.
void read_exit(const Ending& ending, BoxResult& result) {
  if (ending.exited && ending.number <= 128) {
    result.code = ending.number;
    result.status = ending.number == 0 ? Status::ok : Status::nonzero;
  } else {
    result.signal = ending.exited ? ending.number - 128 : ending.number;
    result.status = Status::signal;
  }
}

Status status_of(const Ending& ending, Status by_exit) {
  switch (ending.by) {
    case Ended::wall:
      return Status::wall;
    case Ended::cpu:
      return Status::cpu;
    case Ended::output:
      return Status::output;
    case Ended::killed:
    case Ended::interrupted:
      return Status::signal;
    case Ended::itself:
      break;
  }
  if (!ending.known) return Status::sandbox_error;
  // A limit explains a failure, never a success: a program may live on without the child it lost.
  if (by_exit == Status::ok) return by_exit;
  if (ending.counters.oom_kills > 0) return Status::oom;
  if (ending.counters.pids_refused > 0) return Status::pids;
  if (ending.volume_full) return Status::disk;
  return by_exit;
}

std::string explain(const BoxResult& result, const Limits& limits) {
  switch (result.status) {
    case Status::ok:
      return "";
    case Status::nonzero:
      return fmt::format("ended with exit code {}", result.code);
    case Status::signal:
      return fmt::format("ended by signal {}", result.signal);
    case Status::wall:
      return fmt::format("killed after {} s", std::chrono::duration<double>(limits.wall).count());
    case Status::cpu:
      return fmt::format("killed after {} s of processor time",
                         std::chrono::duration<double>(limits.cpu_time).count());
    case Status::oom:
      return fmt::format("the kernel killed {} of its processes at {} MiB of memory",
                         result.oom_kills, limits.memory >> 20U);
    case Status::output:
      return fmt::format("killed after printing more than {} MiB", limits.output_total >> 20U);
    case Status::disk:
      return "failed with its scratch full";
    case Status::pids:
      return fmt::format("failed after {} forks were refused at {} processes", result.pids_refused,
                         limits.pids);
    case Status::sandbox_error:
      return "the exit status of the box was lost";
  }
  return "";
}

}  // namespace

std::string_view name(Status status) {
  constexpr std::string_view names[] = {"ok",  "nonzero", "signal", "wall", "cpu",
                                        "oom", "output",  "disk",   "pids", "sandbox_error"};
  return names[static_cast<std::size_t>(status)];
}

BoxResult judge(const Ending& ending, const Limits& limits) {
  BoxResult result;
  read_exit(ending, result);
  result.wall_ms = ending.wall.count();
  result.cpu_ms = ending.counters.cpu_us / 1000;
  result.peak_bytes = ending.counters.peak_bytes;
  result.oom_kills = ending.counters.oom_kills;
  result.pids_refused = ending.counters.pids_refused;
  result.status = status_of(ending, result.status);
  result.detail = explain(result, limits);
  return result;
}

}  // namespace grader::sandbox
