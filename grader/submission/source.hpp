#pragma once

#include <string>
#include <string_view>

#include "grader/base/result.hpp"

namespace grader::submission {

/// Where a submission comes from, as the user named it.
struct Source {
  enum class Kind {
    https,  ///< fetched over TLS
    ssh,    ///< ssh://[user@]host[:port]/path or [user@]host:path
    file,   ///< file:///path, opened in place
    path    ///< a directory of this machine, opened in place
  };
  Kind kind = Kind::path;
  std::string text;  ///< for people: user name, password, query and fragment of a URL removed
  std::string url;   ///< what is fetched (https, ssh), without credentials; empty otherwise
  std::string user;  ///< ssh only: "git" where none was given
  std::string host;  ///< https and ssh: lower case; an IPv6 address without its brackets
  int port = 0;      ///< https and ssh: 443 and 22 where none was given
  std::string path;  ///< on that host, or of this machine
  bool had_credentials = false;  ///< a user name or password was in an https URL: it is not used

  /// True where the submission comes over a network.
  bool remote() const { return kind == Kind::https || kind == Kind::ssh; }
};

/// Reads an https, ssh or file URL, an scp-like address or a path. Every other scheme (http, git,
/// ext:: and the like) is a usage error that says which forms are accepted. Nothing is looked up.
Result<Source> parse_source(std::string_view text);

}  // namespace grader::submission
