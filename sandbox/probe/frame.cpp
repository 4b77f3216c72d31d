#include "sandbox/probe/frame.hpp"

#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

namespace grader::sandbox::frame {

namespace {

bool write_all(int descriptor, const char* bytes, std::size_t size) {
  while (size > 0) {
    const ssize_t written = ::send(descriptor, bytes, size, MSG_NOSIGNAL);
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    bytes += written;
    size -= static_cast<std::size_t>(written);
  }
  return true;
}

bool read_all(int descriptor, char* bytes, std::size_t size) {
  while (size > 0) {
    const ssize_t got = ::recv(descriptor, bytes, size, 0);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return false;
    bytes += got;
    size -= static_cast<std::size_t>(got);
  }
  return true;
}

}  // namespace

bool write(int descriptor, std::string_view text) {
  if (text.size() > cap) return false;
  const auto size = static_cast<std::uint32_t>(text.size());
  std::array<char, sizeof size> head{};
  std::memcpy(head.data(), &size, sizeof size);
  return write_all(descriptor, head.data(), head.size()) &&
         write_all(descriptor, text.data(), text.size());
}

std::optional<std::string> read(int descriptor) {
  std::uint32_t size = 0;
  std::array<char, sizeof size> head{};
  if (!read_all(descriptor, head.data(), head.size())) return std::nullopt;
  std::memcpy(&size, head.data(), sizeof size);
  if (size > cap) return std::nullopt;
  std::string text(size, '\0');
  if (!read_all(descriptor, text.data(), size)) return std::nullopt;
  return text;
}

void give_up_after(int descriptor, int seconds) {
  const timeval limit{seconds, 0};
  ::setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  ::setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
}

int connect(const char* path, int seconds) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (std::strlen(path) >= sizeof address.sun_path) return -1;
  std::strncpy(address.sun_path, path, sizeof address.sun_path - 1);
  const int descriptor = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (descriptor < 0) return -1;
  // The interface of sockets.
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast)
  if (::connect(descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    ::close(descriptor);
    return -1;
  }
  give_up_after(descriptor, seconds);
  return descriptor;
}

}  // namespace grader::sandbox::frame
