#pragma once
// Private to grader/submission.

#include <optional>
#include <string>

#include "grader/base/result.hpp"
#include "grader/submission/fetch_wire.hpp"
#include "grader/submission/source.hpp"

namespace grader::submission {

/// The credential for exactly the host and port of an https source, or nothing. First the file (of
/// the user alone, mode 0600; lines `HOST[:PORT] TOKEN` or `HOST[:PORT] USER TOKEN`, '#' starts a
/// comment; empty: $XDG_CONFIG_HOME/grader/credentials, if it is there), then GRADER_TOKEN if
/// GRADER_TOKEN_HOST (HOST or HOST:PORT) is that host. No port means 443. Usage errors where the
/// file is wrong or GRADER_TOKEN names no host.
Result<std::optional<Credential>> find_credential(const Source& source, const std::string& file);

/// A proxy as HTTPS_PROXY or ALL_PROXY (or in lower case) name it.
struct Proxy {
  std::string host;
  int port = 0;
  Credential credential;
};

/// The user's own proxy for this https source, less what NO_PROXY exempts. Only http:// proxies can
/// be used: another scheme is a usage error.
Result<std::optional<Proxy>> find_proxy(const Source& source);

}  // namespace grader::submission
