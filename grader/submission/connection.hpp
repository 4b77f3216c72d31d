#pragma once
// Private to grader/submission.

#include <string>

#include "grader/base/descriptor.hpp"
#include "grader/base/result.hpp"
#include "grader/submission/fetch_wire.hpp"

namespace grader::submission {

/// How a server is reached.
struct ConnectOptions {
  std::string proxy_host;  ///< empty: straight
  int proxy_port = 0;
  Credential proxy_credential;
  bool public_only = false;  ///< refuse addresses that are not of the public internet
  int seconds = 30;          ///< for connecting, and for each later read or write on the socket
};

/// A TCP connection to `host`, or to it through the proxy (RFC 9110, section 9.3.6). Errors say
/// what failed and what to do.
Result<Descriptor> connect_to(const std::string& host, const std::string& port,
                              const ConnectOptions& options);

}  // namespace grader::submission
