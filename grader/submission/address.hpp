#pragma once
// Private to grader/submission.

#include <sys/socket.h>

namespace grader::submission {

/// True for an address of the public internet; false for this machine, private and shared networks,
/// link-local, multicast and reserved ones, also where they are wrapped into IPv6 (RFC 6890).
bool is_public(const sockaddr& address);

}  // namespace grader::submission
