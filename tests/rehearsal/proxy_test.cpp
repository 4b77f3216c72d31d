#include "sandbox/environment/proxy.hpp"

#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include <string>
#include <thread>

using namespace grader::sandbox;
using namespace std::chrono_literals;

namespace {

void limit_wait(int socket) {
  const timeval wait{.tv_sec = 10, .tv_usec = 0};
  ::setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof wait);
}

std::string receive(int socket, std::size_t size) {
  std::string got;
  char buffer[4096];
  while (got.size() < size) {
    const ssize_t n = ::recv(socket, buffer, std::min(sizeof buffer, size - got.size()), 0);
    if (n <= 0) break;
    got.append(buffer, static_cast<std::size_t>(n));
  }
  return got;
}

/// A server on the loopback that sends everything back, in one thread, one connection after
/// another.
class Echo {
 public:
  Echo() {
    listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    REQUIRE(::bind(listener_, reinterpret_cast<sockaddr*>(&address), size) == 0);
    REQUIRE(::listen(listener_, 8) == 0);
    ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
    place_ = "localhost:" + std::to_string(ntohs(address.sin_port));
    thread_ = std::thread([this] { serve(); });
  }
  ~Echo() {
    ::shutdown(listener_, SHUT_RDWR);
    thread_.join();
    ::close(listener_);
  }
  const std::string& place() const { return place_; }

 private:
  void serve() const {
    for (int peer = 0; (peer = ::accept(listener_, nullptr, nullptr)) >= 0; ::close(peer)) {
      char buffer[65536];
      for (ssize_t n = 0; (n = ::recv(peer, buffer, sizeof buffer, 0)) > 0;) {
        if (::send(peer, buffer, static_cast<std::size_t>(n), MSG_NOSIGNAL) < 0) break;
      }
    }
  }
  int listener_;
  std::string place_;
  std::thread thread_;
};

struct Folder {
  Folder() { REQUIRE(::mkdtemp(path) != nullptr); }
  ~Folder() { ::rmdir(path); }
  std::string socket() const { return std::string(path) + "/index.sock"; }
  char path[32] = "/tmp/grader-proxy-XXXXXX";
};

int connect_to(const std::string& path) {
  const int socket = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  path.copy(address.sun_path, sizeof address.sun_path - 1);
  REQUIRE(::connect(socket, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
  limit_wait(socket);
  return socket;
}

/// What the proxy says to this request, at most `size` bytes.
std::string ask(const std::string& path, const std::string& request, std::size_t size) {
  const int socket = connect_to(path);
  ::send(socket, request.data(), request.size(), MSG_NOSIGNAL);
  const std::string answer = receive(socket, size);
  ::close(socket);
  return answer;
}

const std::string established = "HTTP/1.1 200 Connection established\r\n\r\n";

}  // namespace

TEST_CASE("the proxy lets through the named hosts and nothing else") {
  const Echo echo;
  const Folder folder;
  const auto proxy = IndexProxy::start({echo.place()}, folder.socket());
  REQUIRE(proxy.has_value());
  const std::string hello = "CONNECT " + echo.place() + " HTTP/1.1\r\nHost: x\r\n\r\nearly bytes";
  CHECK(ask(folder.socket(), hello, established.size() + 11) == established + "early bytes");
  for (const char* place : {"example.invalid:443", "127.0.0.1:22", "localhost:1", "localhost"}) {
    const std::string request = std::string("CONNECT ") + place + " HTTP/1.1\r\n\r\n";
    CHECK(ask(folder.socket(), request, 12) == "HTTP/1.1 403");
  }
  CHECK(ask(folder.socket(), "GET http://" + echo.place() + "/ HTTP/1.1\r\n\r\n", 12) ==
        "HTTP/1.1 403");
  CHECK(proxy->refused() == std::vector<std::string>{"127.0.0.1:22", "a request that is no CONNECT",
                                                     "example.invalid:443", "localhost",
                                                     "localhost:1"});
  CHECK(proxy->transferred() == 11);
}

TEST_CASE("a head that is too long, or never ends, is cut off") {
  const Folder folder;
  ProxyLimits limits;
  limits.head = 200ms;
  const auto proxy = IndexProxy::start({"localhost:9"}, folder.socket(), "", limits);
  REQUIRE(proxy.has_value());
  CHECK(ask(folder.socket(), std::string(100'000, 'x'), 100).empty());
  const auto begun = std::chrono::steady_clock::now();
  CHECK(ask(folder.socket(), "CONNECT localhost:9 HT", 100).empty());
  CHECK(std::chrono::steady_clock::now() - begun < 5s);
}

TEST_CASE("a silent connection ends, and so does one over the byte limit") {
  const Echo echo;
  const Folder folder;
  ProxyLimits limits;
  limits.idle = 200ms;
  limits.bytes = 100'000;
  const auto proxy = IndexProxy::start({echo.place()}, folder.socket(), "", limits);
  REQUIRE(proxy.has_value());
  const std::string hello = "CONNECT " + echo.place() + " HTTP/1.1\r\n\r\n";
  CHECK(ask(folder.socket(), hello, 1'000) == established);
  const std::string flood = ask(folder.socket(), hello + std::string(200'000, 'x'), 1'000'000);
  CHECK(flood.size() <= 100'000 + established.size());
}

TEST_CASE("the network's own proxy is asked in its turn") {
  const Echo echo;
  const Folder inner;
  const Folder outer;
  const auto proxy =
      IndexProxy::start({"index.invalid:443"}, inner.socket(), "http://" + echo.place() + "/");
  REQUIRE(proxy.has_value());
  // The echo answers with our own request, which is no permission.
  CHECK(ask(inner.socket(), "CONNECT index.invalid:443 HTTP/1.1\r\n\r\n", 12).empty());
  CHECK_FALSE(IndexProxy::start({"a:1"}, outer.socket(), "http://u:p@proxy:3128").has_value());
  CHECK_FALSE(IndexProxy::start({"a:1"}, outer.socket(), "socks5://proxy:3128").has_value());
}

TEST_CASE("a proxy that goes takes open connections with it") {
  const Echo echo;
  const Folder folder;
  int socket = -1;
  {
    const auto proxy = IndexProxy::start({echo.place()}, folder.socket());
    REQUIRE(proxy.has_value());
    socket = connect_to(folder.socket());
    const std::string hello = "CONNECT " + echo.place() + " HTTP/1.1\r\n\r\n";
    ::send(socket, hello.data(), hello.size(), MSG_NOSIGNAL);
    CHECK(receive(socket, established.size()) == established);
  }
  CHECK(receive(socket, 1).empty());
  ::close(socket);
  CHECK(::access(folder.socket().c_str(), F_OK) != 0);
}
