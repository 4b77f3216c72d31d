#pragma once
// Private to grader/submission: what fetch() and its child process say to each other.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "grader/base/result.hpp"

namespace grader::submission {

/// A user name and a secret for exactly one host.
struct Credential {
  std::string user;
  std::string secret;  ///< empty: there is none
};

/// To the child's stdin. Never in its arguments: those can be read by every user of the machine.
struct FetchRequest {
  bool ssh = false;
  std::string url;
  std::string host;
  int port = 0;
  std::string path;
  std::string user;       ///< ssh
  std::string directory;  ///< becomes a bare repository
  std::string ref;        ///< a full name below refs/ to be fetched besides branches and tags
  Credential credential;
  std::string ssh_key;                   ///< a private key's file; empty: the agent
  std::vector<std::string> known_hosts;  ///< files
  std::string proxy_host;                ///< empty: none
  int proxy_port = 0;
  Credential proxy_credential;
  bool public_only = false;
  std::size_t objects = 0;
  std::uint64_t received_bytes = 0;
  int seconds = 0;
};

/// A request as bytes, and back; nothing where the bytes are none.
std::string encode(const FetchRequest& request);
std::optional<FetchRequest> decode_request(std::string_view bytes);

/// From the child's stdout: an error of kind submission, usage or internal, or nothing.
struct FetchReply {
  std::optional<Error> error;
};

/// A reply as bytes, and back; nothing where the bytes are none.
std::string encode(const FetchReply& reply);
std::optional<FetchReply> decode_reply(std::string_view bytes);

}  // namespace grader::submission
