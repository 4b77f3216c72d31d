#include "grader/submission/connection.hpp"

#include <fmt/format.h>
#include <netdb.h>
#include <netinet/in.h>
#include <openssl/evp.h>
#include <sys/socket.h>
#include <sys/time.h>

#include <cerrno>
#include <memory>
#include <system_error>

#include "grader/submission/address.hpp"

namespace grader::submission {
namespace {

constexpr std::string_view check_network = "check the network and try again";
constexpr std::size_t largest_proxy_answer = 16U << 10U;

struct FreeAddresses {
  void operator()(addrinfo* list) const { freeaddrinfo(list); }
};
using Addresses = std::unique_ptr<addrinfo, FreeAddresses>;

Result<Addresses> look_up(const std::string& host, const std::string& port) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_ADDRCONFIG;
  addrinfo* found = nullptr;
  int status = getaddrinfo(host.c_str(), port.c_str(), &hints, &found);
  if (status != 0) {
    // Where only loopback is up, the flag hides its addresses.
    hints.ai_flags = 0;
    status = getaddrinfo(host.c_str(), port.c_str(), &hints, &found);
  }
  if (status != 0) {
    return fail(ErrorKind::submission,
                "the host " + host + " cannot be found: " + gai_strerror(status), "",
                "check the spelling of the host and the network");
  }
  return Addresses(found);
}

Descriptor connect_one(const addrinfo& address, int seconds) {
  Descriptor fd(socket(address.ai_family, SOCK_STREAM | SOCK_CLOEXEC, address.ai_protocol));
  if (!fd.valid()) return fd;
  const timeval limit{.tv_sec = seconds, .tv_usec = 0};
  // On Linux the limit for sending also holds for connect().
  setsockopt(fd.get(), SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
  setsockopt(fd.get(), SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  if (connect(fd.get(), address.ai_addr, address.ai_addrlen) != 0) {
    if (errno == EINPROGRESS) errno = ETIMEDOUT;
    const int code = errno;
    fd.reset();
    errno = code;
  }
  return fd;
}

Result<Descriptor> connect_any(const std::string& host, const std::string& port,
                               const ConnectOptions& options) {
  const auto addresses = look_up(host, port);
  if (!addresses) return tl::unexpected(addresses.error());
  bool refused_private = false;
  int code = 0;
  for (const addrinfo* one = addresses->get(); one != nullptr; one = one->ai_next) {
    if (options.public_only && !is_public(*one->ai_addr)) {
      refused_private = true;
      continue;
    }
    auto fd = connect_one(*one, options.seconds);
    if (fd.valid()) return fd;
    code = errno;
  }
  if (code == 0 && refused_private) {
    return fail(ErrorKind::submission,
                "the host " + host + " has no address in the public internet", "",
                "give a repository on a public host");
  }
  return fail(ErrorKind::submission,
              fmt::format("{} port {} cannot be reached: {}", host, port,
                          std::generic_category().message(code)),
              "", std::string(check_network));
}

std::string base64(std::string_view bytes) {
  std::string out(4 * ((bytes.size() + 2) / 3) + 1, '\0');
  const int length = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                                     reinterpret_cast<const unsigned char*>(bytes.data()),
                                     static_cast<int>(bytes.size()));
  out.resize(static_cast<std::size_t>(length));
  return out;
}

Result<void> ask_proxy(int fd, const std::string& target, const Credential& credential) {
  std::string request = "CONNECT " + target + " HTTP/1.1\r\nHost: " + target + "\r\n";
  if (!credential.user.empty()) {
    request +=
        "Proxy-Authorization: Basic " + base64(credential.user + ":" + credential.secret) + "\r\n";
  }
  request += "\r\n";
  const auto no_answer = [] {
    return fail(ErrorKind::submission, "the proxy gave no answer", "", "check HTTPS_PROXY");
  };
  if (send(fd, request.data(), request.size(), MSG_NOSIGNAL) !=
      static_cast<ssize_t>(request.size())) {
    return no_answer();
  }
  std::string answer;
  // Byte by byte: what follows the blank line belongs to TLS.
  for (char byte = 0; !answer.ends_with("\r\n\r\n"); answer += byte) {
    if (answer.size() > largest_proxy_answer || recv(fd, &byte, 1, 0) != 1) return no_answer();
  }
  const auto status = answer.size() > 12 ? answer.substr(9, 3) : "";
  if (answer.starts_with("HTTP/1.") && status.starts_with('2')) return {};
  return fail(ErrorKind::submission,
              "the proxy refused to connect to " + target + " (" + status + ")", "",
              status == "407" ? "give user and password in HTTPS_PROXY"
                              : "check HTTPS_PROXY or add the host to NO_PROXY");
}

}  // namespace

Result<Descriptor> connect_to(const std::string& host, const std::string& port,
                              const ConnectOptions& options) {
  if (options.proxy_host.empty()) return connect_any(host, port, options);
  auto fd = connect_any(options.proxy_host, std::to_string(options.proxy_port), options);
  if (!fd) return fd;
  const std::string shown = host.find(':') == std::string::npos ? host : "[" + host + "]";
  if (auto done = ask_proxy(fd->get(), shown + ":" + port, options.proxy_credential); !done) {
    return tl::unexpected(done.error());
  }
  return fd;
}

}  // namespace grader::submission
