#include <fmt/format.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdio>

#include "grader/base/text.hpp"
#include "grader/submission/download.hpp"
#include "grader/submission/fetch.hpp"

namespace grader::submission {
namespace {

constexpr std::size_t largest_request = 256U << 10U;

// The sanitizers reserve terabytes of addresses.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool sanitized = true;
#else
constexpr bool sanitized = false;
#endif

void limit(int resource, rlim_t value) {
  rlimit now{};
  if (getrlimit(static_cast<__rlimit_resource>(resource), &now) != 0) return;
  now.rlim_cur = std::min(value, now.rlim_max);
  now.rlim_max = now.rlim_cur;
  setrlimit(static_cast<__rlimit_resource>(resource), &now);
}

/// What a pack bomb or a fault in a parser can take with it ends here.
void confine(const FetchRequest& request) {
  constexpr rlim_t slack = rlim_t{64} << 20U;  // the index of the pack
  if (!sanitized) limit(RLIMIT_AS, rlim_t{2} << 30U);
  limit(RLIMIT_FSIZE, request.received_bytes + slack);
  limit(RLIMIT_CPU, static_cast<rlim_t>(request.seconds) + 1);
  limit(RLIMIT_NOFILE, 256);
  limit(RLIMIT_CORE, 0);
  limit(RLIMIT_NPROC, 0);
  prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);  // it holds a credential
}

std::string read_input() {
  std::string input;
  std::string chunk(4096, '\0');
  while (input.size() < largest_request) {
    const auto count = read(STDIN_FILENO, chunk.data(), chunk.size());
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) break;
    input.append(chunk, 0, static_cast<std::size_t>(count));
  }
  return input;
}

void write_out(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const auto count = write(fd, bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return;
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
}

void report(const FetchProgress& progress) {
  using Clock = std::chrono::steady_clock;
  static Clock::time_point last;
  const auto now = Clock::now();
  if (now - last < std::chrono::milliseconds(100)) return;
  last = now;
  write_out(STDERR_FILENO, fmt::format("{} {} {}\n", progress.received_objects,
                                       progress.total_objects, progress.received_bytes));
}

}  // namespace

int fetch_child_main() {
  // The parent ends us when it is interrupted or loses patience; if it is killed, so are we.
  prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
  if (getppid() == 1) return static_cast<int>(ErrorKind::internal);
  (void)std::signal(SIGPIPE, SIG_IGN);
  const auto request = decode_request(read_input());
  if (!request) {
    write_out(STDERR_FILENO, "fetch-child is started by grader itself, with a request on stdin\n");
    return static_cast<int>(ErrorKind::usage);
  }
  confine(*request);
  FetchReply reply;
  if (auto done = download(*request, report); !done) reply.error = done.error();
  write_out(STDOUT_FILENO, encode(reply));
  return 0;
}

}  // namespace grader::submission
