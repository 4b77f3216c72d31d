#pragma once
// Private to grader/submission.

#include <optional>
#include <string>

#include "grader/submission/connection.hpp"

namespace grader::submission {

/// The one server that a fetch may show its credential to.
struct TlsPolicy {
  ConnectOptions connect;
  std::string host;  ///< lower case
  std::string port;  ///< digits
  std::string path;  ///< requests with a credential must be for this path or below it
  std::uint64_t received_bytes = 0;  ///< over all connections; more: an error
};

/// Makes libgit2 open all https connections by OpenSSL, here, for the rest of this process:
/// certificates are verified against the system's authorities (SSL_CERT_FILE and SSL_CERT_DIR are
/// honoured), TLS 1.2 is the least. Whatever libgit2 does on a redirect, an Authorization header
/// leaves only for the policy's host, port and path.
void use_tls(const TlsPolicy& policy);

/// What failed on a connection, if anything did; libgit2's own errors do not tell it.
const std::optional<Error>& tls_failure();

}  // namespace grader::submission
