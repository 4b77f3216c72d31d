#pragma once
// Private to sandbox/doctor.

#include "grader/base/descriptor.hpp"

namespace grader::sandbox {

/// A port of this machine's loopback that accepts connections: what boxes must not reach.
class Listener {
 public:
  Listener();
  /// 1 where none could be had.
  int port() const { return port_; }

 private:
  Descriptor socket_;
  int port_ = 1;
};

}  // namespace grader::sandbox
