#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

#include "tests/submission/repository.hpp"

namespace tests {

/// A program that runs until the value goes.
class Background {
 public:
  explicit Background(std::vector<std::string> arguments);
  Background(const Background&) = delete;
  Background& operator=(const Background&) = delete;
  ~Background();
  /// The next line that it prints.
  std::string line();

 private:
  pid_t process_ = -1;
  int to_ = -1;
  int from_ = -1;
};

/// serve.py over a fresh directory with the repositories app, empty and dev-only, and a certificate
/// of its own that this process (and the fetch child) trusts as long as the value lives.
class HttpServer {
 public:
  HttpServer();
  ~HttpServer();
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  const std::string& directory() const { return top_.path(); }
  /// "https://127.0.0.1:PORT/KIND/app"
  std::string url(const std::string& kind, const std::string& repository = "app") const;
  std::string host() const { return "127.0.0.1:" + ports_[0]; }
  const std::string& port(std::size_t i) const { return ports_[i]; }
  /// Every Authorization header that arrived.
  std::string authorizations() const;

 private:
  void make_certificate() const;

  Directory top_;
  Background* server_ = nullptr;
  std::vector<std::string> ports_;
};

/// An environment variable for the time of a scope; empty: unset.
class Variable {
 public:
  Variable(const char* name, const std::string& value);
  ~Variable();
  Variable(const Variable&) = delete;
  Variable& operator=(const Variable&) = delete;

 private:
  const char* name_;
  std::string before_;
};

/// The contents of a file; empty where there is none.
std::string read_file(const std::string& path);

}  // namespace tests
