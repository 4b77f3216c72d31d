#pragma once

#include <functional>
#include <string>
#include <vector>

#include "grader/base/result.hpp"
#include "grader/submission/submission.hpp"

namespace grader::submission {

/// How far a fetch is.
struct FetchProgress {
  std::size_t received_objects = 0;
  std::size_t total_objects = 0;  ///< 0 as long as the server has not said
  std::uint64_t received_bytes = 0;
};

/// How one submission is fetched.
struct FetchOptions {
  std::string ref;      ///< branch, tag or commit; empty: the default branch
  std::string scratch;  ///< where fetched repositories lie while they are read; empty: $TMPDIR
  Limits limits;
  std::function<void(const FetchProgress&)> on_progress;
  /// Lines `HOST[:PORT] TOKEN` or `HOST[:PORT] USER TOKEN`, mode 0600; empty:
  /// $XDG_CONFIG_HOME/grader/credentials. Where it has nothing for the host, GRADER_TOKEN is used
  /// if GRADER_TOKEN_HOST is exactly that host. A credential goes only to its host and port, only
  /// over https, and never after a redirect.
  std::string credentials_file;
  std::string ssh_key;                   ///< a private key's file; empty: the ssh agent
  std::vector<std::string> known_hosts;  ///< empty: ~/.ssh/known_hosts, /etc/ssh/ssh_known_hosts
  /// Only https, and only to addresses of the public internet: for a service that takes URLs from
  /// strangers.
  bool public_only = false;
  /// The program and the arguments that lead to fetch_child_main().
  std::vector<std::string> child = {"/proc/self/exe", "fetch-child"};
};

/// Opens a local repository in place, or fetches one over https or ssh in a child process with
/// limits on memory, file size, time and what is received. No configuration of git is read; of the
/// environment only HTTPS_PROXY, ALL_PROXY, NO_PROXY, SSL_CERT_FILE, SSL_CERT_DIR, SSH_AUTH_SOCK
/// and what FetchOptions names. Errors name the source (credentials removed), the reason and the
/// next step; an interrupt ends the fetch at once.
Result<Submission> fetch(const Source& source, const FetchOptions& options = {});

/// The verb `fetch-child` of the program: reads one request from stdin, fetches, answers on stdout.
/// Returns the exit code.
int fetch_child_main();

}  // namespace grader::submission
