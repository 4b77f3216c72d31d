#pragma once
// Private to grader/submission.

#include <string>
#include <string_view>

namespace grader::submission {

/// What known_hosts says of a server's key.
enum class HostKey {
  known,
  unknown,     ///< no line names this host
  other_type,  ///< lines name this host, with keys of other types only
  changed,     ///< a line names this host with another key of this type
  revoked      ///< a line forbids this key
};

/// What the lines of known_hosts files (sshd(8), «SSH_KNOWN_HOSTS FILE FORMAT»: host patterns with
/// wildcards and negation, hashed names, ports, @revoked) say about a server's key. Lines with
/// @cert-authority are passed over: certificates are not supported.
/// `key` is the public key as the server sent it (RFC 4253, section 6.6).
HostKey find_host_key(std::string_view known_hosts, const std::string& host, int port,
                      std::string_view key);

/// "SHA256:…" as ssh-keygen -l prints it.
std::string fingerprint(std::string_view key);

}  // namespace grader::submission
