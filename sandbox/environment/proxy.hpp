#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "grader/base/result.hpp"

namespace grader::sandbox {

/// What one download may use.
struct ProxyLimits {
  std::uint64_t bytes = 2ULL << 30U;        ///< both ways over all connections, then all are cut
  std::size_t connections = 128;            ///< at once; further ones are closed
  std::chrono::milliseconds head{10'000};   ///< for the request to arrive
  std::chrono::milliseconds open{20'000};   ///< for the connection to the host to stand
  std::chrono::milliseconds idle{120'000};  ///< without a byte in either direction
};

/// The only way out of a download box: an HTTP CONNECT proxy (RFC 9110 section 9.3.6) behind a unix
/// socket that is bind-mounted into the box. It lets through exactly the named hosts. Runs in a
/// thread of its own until the value goes.
class IndexProxy {
 public:
  /// `hosts` as "host:port", lower case; `socket` is a path that does not exist yet, in a directory
  /// that only we can enter; `upstream` is a proxy of this network ("http://host:port") or empty.
  static Result<IndexProxy> start(const std::vector<std::string>& hosts, const std::string& socket,
                                  const std::string& upstream = {}, const ProxyLimits& limits = {});

  IndexProxy(IndexProxy&&) noexcept;
  ~IndexProxy();

  /// Places that were asked for and refused, each once, at most 100; hostile text.
  std::vector<std::string> refused() const;

  /// Bytes that went through so far, both ways.
  std::uint64_t transferred() const;

 private:
  struct Impl;
  explicit IndexProxy(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace grader::sandbox
