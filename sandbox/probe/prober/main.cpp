// Meets a candidate's application over HTTP and prints what it saw. Arguments: the socket of the
// grader, the port of the application, that of its hints, a seed, and the seconds there are.

#include <cstdio>
#include <cstdlib>

#include "sandbox/probe/prober/meet.hpp"
#include "sandbox/probe/prober/report.hpp"

int main(int count, char** arguments) {
  using namespace grader::sandbox;
  if (count != 6) {
    std::fputs("usage: prober SOCKET PORT CONTROL SEED SECONDS\n", stderr);
    return 2;
  }
  const long seconds = std::max(std::atol(arguments[5]) - 3, 1L);
  const prober::Places places{arguments[1], static_cast<unsigned short>(std::atoi(arguments[2])),
                              static_cast<unsigned short>(std::atoi(arguments[3])),
                              std::chrono::steady_clock::now() + std::chrono::seconds(seconds)};
  try {
    const Probe probe = prober::meet(places, std::strtoull(arguments[4], nullptr, 10));
    const std::string text = prober::printed(probe);
    std::fwrite(text.data(), 1, text.size(), stdout);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
  return 0;
}
