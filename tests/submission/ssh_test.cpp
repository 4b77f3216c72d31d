#include <doctest/doctest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <cstring>
#include <fstream>
#include <memory>
#include <thread>

#include "grader/base/descriptor.hpp"
#include "grader/submission/fetch.hpp"
#include "tests/submission/server.hpp"

using grader::submission::FetchOptions;

namespace {

bool has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

/// A port of loopback on which nobody listens now.
int free_port() {
  const grader::Descriptor fd(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  REQUIRE(bind(fd.get(), reinterpret_cast<sockaddr*>(&address), size) == 0);
  REQUIRE(getsockname(fd.get(), reinterpret_cast<sockaddr*>(&address), &size) == 0);
  return ntohs(address.sin_port);
}

/// A real sshd with fresh host keys, which lets one key in, and a repository to fetch.
class SshServer {
 public:
  SshServer() : port_(free_port()) {
    tests::import_stream(path("app"),
                         tests::commit("main", 100, "One\n") + tests::file("manage.py", "x = 1\n"));
    tests::shell("cd '" + top_.path() +
                 "' && for f in host other user stranger; do ssh-keygen -q -t ed25519 -N '' -f $f; "
                 "done && ssh-keygen -q -t ecdsa -N '' -f host_ecdsa && ssh-keygen -q -t ed25519 "
                 "-N secret -f locked && cat user.pub locked.pub > authorized && "
                 // sshd refuses to start where root's folder for its separation is missing
                 "if [ \"$(id -u)\" = 0 ]; then mkdir -p /run/sshd; fi");
    std::ofstream(path("config")) << "ListenAddress 127.0.0.1\nPort " << port_ << "\nHostKey "
                                  << path("host") << "\nHostKey " << path("host_ecdsa")
                                  << "\nAuthorizedKeysFile " << path("authorized")
                                  << "\nPidFile none\nStrictModes no\nUsePAM no\n"
                                     "PasswordAuthentication no\nPermitRootLogin yes\n";
    server_ = std::make_unique<tests::Background>(
        std::vector<std::string>{"/usr/sbin/sshd", "-D", "-q", "-f", path("config")});
    user_ = tests::shell("id -un");
    user_.pop_back();
    wait();
  }

  std::string path(const std::string& name) const { return top_.path() + "/" + name; }

  std::string url() const {
    return "ssh://" + user_ + "@127.0.0.1:" + std::to_string(port_) + path("app");
  }

  /// A known_hosts line for a public key's file.
  std::string line(const std::string& key) const {
    return "[127.0.0.1]:" + std::to_string(port_) + " " + tests::read_file(path(key + ".pub"));
  }

  FetchOptions options(const std::string& known_hosts) const {
    std::ofstream(path("known")) << known_hosts;
    FetchOptions result;
    result.child = {FETCH_CHILD};
    result.scratch = path("");
    result.ssh_key = path("user");
    result.known_hosts = {path("known"), path("nothing")};
    return result;
  }

 private:
  void wait() const {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(static_cast<std::uint16_t>(port_));
    for (int tries = 0; tries < 200; ++tries) {
      const grader::Descriptor fd(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
      if (connect(fd.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) == 0) return;
      std::this_thread::sleep_for(std::chrono::milliseconds(25));
    }
    FAIL("sshd does not answer");
  }

  tests::Directory top_;
  int port_;
  std::string user_;
  std::unique_ptr<tests::Background> server_;
};

const SshServer& server() {
  static const SshServer one;
  return one;
}

grader::Result<grader::submission::Submission> fetch(const FetchOptions& options) {
  return grader::submission::fetch(*grader::submission::parse_source(server().url()), options);
}

std::string refused(const FetchOptions& options) {
  const auto submission = fetch(options);
  REQUIRE_FALSE(submission.has_value());
  CHECK(submission.error().where == server().url());
  CHECK_FALSE(submission.error().hint.empty());
  INFO(to_string(submission.error()));
  return submission.error().what;
}

}  // namespace

TEST_CASE("ssh: a known host and a named key") {
  for (const auto* type : {"host", "host_ecdsa"}) {
    INFO(type);
    const auto submission = fetch(server().options(server().line(type)));
    if (!submission) MESSAGE(to_string(submission.error()));
    REQUIRE(submission.has_value());
    CHECK(submission->read(*submission->find("manage.py")) == "x = 1\n");
  }
}

TEST_CASE("ssh: an unknown host is refused with its fingerprint") {
  const auto what = refused(server().options(""));
  CHECK(has(what, "is not known"));
  CHECK(has(what, "SHA256:"));
}

TEST_CASE("ssh: a changed or revoked key is refused") {
  CHECK(has(refused(server().options(server().line("other"))), "has changed"));
  CHECK(has(
      refused(server().options(server().line("host") + server().line("host_ecdsa") + "@revoked " +
                               server().line("host") + "@revoked " + server().line("host_ecdsa"))),
      "is revoked"));
}

TEST_CASE("ssh: keys that do not open") {
  auto options = server().options(server().line("host"));
  options.ssh_key = server().path("stranger");
  CHECK(has(refused(options), "was not accepted"));
  options.ssh_key = server().path("locked");
  CHECK_FALSE(refused(options).empty());
  options.ssh_key = server().path("nothing");
  CHECK_FALSE(refused(options).empty());
  options.ssh_key.clear();
  const tests::Variable no_agent("SSH_AUTH_SOCK", "");
  CHECK_FALSE(refused(options).empty());
}

TEST_CASE("ssh: a key of the agent") {
  auto options = server().options(server().line("host"));
  options.ssh_key.clear();
  const auto socket = server().path("agent");
  const tests::Background agent({"ssh-agent", "-D", "-a", socket});
  const tests::Variable variable("SSH_AUTH_SOCK", socket);
  tests::shell("for i in $(seq 100); do [ -S '" + socket +
               "' ] && break; sleep 0.05; done; SSH_AUTH_SOCK='" + socket + "' ssh-add -q '" +
               server().path("user") + "'");
  const auto submission = fetch(options);
  if (!submission) MESSAGE(to_string(submission.error()));
  REQUIRE(submission.has_value());
  CHECK(submission->ref() == "main");
}

TEST_CASE("ssh: no repository there") {
  const auto options = server().options(server().line("host"));
  const auto source = grader::submission::parse_source(server().url() + "-not");
  const auto submission = grader::submission::fetch(*source, options);
  REQUIRE_FALSE(submission.has_value());
  INFO(to_string(submission.error()));
  CHECK(has(submission.error().what, "no repository"));
}
