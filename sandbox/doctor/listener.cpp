#include "sandbox/doctor/listener.hpp"

#include <arpa/inet.h>
#include <sys/socket.h>

namespace grader::sandbox {

Listener::Listener() : socket_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* any = reinterpret_cast<sockaddr*>(&address);
  if (bind(socket_.get(), any, size) == 0 && listen(socket_.get(), 8) == 0 &&
      getsockname(socket_.get(), any, &size) == 0) {
    port_ = ntohs(address.sin_port);
  }
}

}  // namespace grader::sandbox
