#include "tests/submission/server.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <sstream>

#include "grader/base/text.hpp"

// NOLINTBEGIN(concurrency-mt-unsafe): a test sets its environment before it starts a thread
namespace tests {

Background::Background(std::vector<std::string> arguments) {
  std::array<int, 2> in{};
  std::array<int, 2> out{};
  REQUIRE(pipe2(in.data(), O_CLOEXEC) == 0);
  REQUIRE(pipe2(out.data(), O_CLOEXEC) == 0);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, in[0], STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&actions, out[1], STDOUT_FILENO);
  std::vector<char*> argv;
  argv.reserve(arguments.size() + 1);
  for (auto& argument : arguments) argv.push_back(argument.data());
  argv.push_back(nullptr);
  REQUIRE(posix_spawnp(&process_, argv[0], &actions, nullptr, argv.data(), environ) == 0);
  posix_spawn_file_actions_destroy(&actions);
  close(in[0]);
  close(out[1]);
  to_ = in[1];
  from_ = out[0];
}

Background::~Background() {
  close(to_);
  kill(process_, SIGTERM);
  waitpid(process_, nullptr, 0);
  close(from_);
}

std::string Background::line() {
  std::string result;
  for (char byte = 0; read(from_, &byte, 1) == 1 && byte != '\n';) result += byte;
  return result;
}

HttpServer::HttpServer() {
  make_certificate();
  import_stream(top_.path() + "/app",
                commit("main", 100, "One\n") + file("manage.py", "x = 1\n") +
                    commit("main", 200, "Two\n") + file("manage.py", "x = 2\n") +
                    file("data.bin", std::string(300'000, 'd')) + commit("dev", 300, "Three\n") +
                    file("manage.py", "x = 3\n") + "reset refs/pull/1/head\nfrom refs/heads/dev\n" +
                    "tag v1\nfrom refs/heads/main\ntagger Ada <a@b.c> 100 +0000\ndata 1\nx\n");
  shell("git init -q --bare -b main '" + top_.path() + "/empty'");
  server_ = new Background({"python3", "tests/submission/serve.py", top_.path()});
  const auto line = server_->line();
  for (const auto port : grader::text::split(line, ' ')) ports_.emplace_back(port);
  REQUIRE(ports_.size() == 3);
  setenv("SSL_CERT_FILE", (top_.path() + "/authority.pem").c_str(), 1);
}

HttpServer::~HttpServer() {
  unsetenv("SSL_CERT_FILE");
  delete server_;
}

void HttpServer::make_certificate() const {
  const std::string at = "cd '" + top_.path() + "' && ";
  shell(at +
        "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj "
        "/CN=test -keyout key.pem -out authority.pem -addext "
        "subjectAltName=IP:127.0.0.1,DNS:localhost 2>/dev/null && cat key.pem authority.pem > "
        "server.pem");
}

std::string HttpServer::url(const std::string& kind, const std::string& repository) const {
  return "https://" + host() + "/" + kind + "/" + repository;
}

std::string HttpServer::authorizations() const {
  return read_file(top_.path() + "/authorization.log");
}

Variable::Variable(const char* name, const std::string& value) : name_(name) {
  const char* before = std::getenv(name);
  before_ = before != nullptr ? before : "";
  if (value.empty()) {
    unsetenv(name);
  } else {
    setenv(name, value.c_str(), 1);
  }
}

Variable::~Variable() {
  if (before_.empty()) {
    unsetenv(name_);
  } else {
    setenv(name_, before_.c_str(), 1);
  }
}

std::string read_file(const std::string& path) {
  std::ostringstream all;
  if (std::ifstream in(path, std::ios::binary); in) all << in.rdbuf();
  return all.str();
}

}  // namespace tests
// NOLINTEND(concurrency-mt-unsafe)
