#pragma once

#include <chrono>
#include <string>
#include <utility>
#include <vector>

namespace grader::sandbox::prober {

using Headers = std::vector<std::pair<std::string, std::string>>;

/// What came back; all of it hostile.
struct Answer {
  int status = 0;  ///< 0: nothing that is HTTP came back in time
  Headers headers;
  std::string body;     ///< at most the cap
  std::string failure;  ///< why the status is 0, or why the body is not whole

  /// The first header of this name, in whatever case; empty where there is none.
  std::string header(std::string_view name) const;

  /// True for 301, 302, 303, 307 and 308 with a place to go.
  bool redirects() const;

  /// What the server says of its kind of content.
  bool is_html() const;
  bool is_json() const;
};

/// One request on a connection of its own to the loopback.
struct Wire {
  std::string method;
  std::string target;
  Headers headers;
  std::string body;
};

/// How much of an answer is waited for.
struct Patience {
  std::chrono::milliseconds time{6'000};
  std::size_t bytes = 2U << 20U;
};

/// Sends it and reads the answer. Never throws: what goes wrong is in the answer.
Answer exchange(unsigned short port, const Wire& wire, const Patience& patience);

}  // namespace grader::sandbox::prober
