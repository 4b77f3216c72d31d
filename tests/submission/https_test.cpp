#include <doctest/doctest.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <thread>

#include "grader/base/interrupt.hpp"
#include "grader/submission/fetch.hpp"
#include "grader/submission/fetch_wire.hpp"
#include "grader/submission/history.hpp"
#include "tests/submission/server.hpp"

using grader::ErrorKind;
using grader::submission::FetchOptions;
using grader::submission::Submission;

namespace {

bool has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

FetchOptions options(const std::string& scratch) {
  FetchOptions result;
  result.child = {FETCH_CHILD};
  result.scratch = scratch;
  return result;
}

grader::Result<Submission> fetch(const std::string& url, const FetchOptions& options) {
  const auto source = grader::submission::parse_source(url);
  REQUIRE(source.has_value());
  return grader::submission::fetch(*source, options);
}

/// Fetching must fail for this reason, name the URL and leave nothing behind.
grader::Error refused(const std::string& url, const FetchOptions& options) {
  auto submission = fetch(url, options);
  INFO(url);
  REQUIRE_FALSE(submission.has_value());
  auto error = submission.error();
  INFO(to_string(error));
  CHECK(has(error.where, "https://127.0.0.1:"));
  CHECK(std::filesystem::is_empty(options.scratch));
  return error;
}

const tests::HttpServer& server() {
  static const tests::HttpServer one;
  return one;
}

}  // namespace

TEST_CASE("https: a repository is fetched, read and removed") {
  const tests::Directory scratch;
  auto choice = options(scratch.path());
  {
    const auto submission = fetch(server().url("plain"), choice);
    REQUIRE(submission.has_value());
    CHECK(submission->ref() == "main");
    CHECK(submission->read(*submission->find("manage.py")) == "x = 2\n");
    CHECK(submission->warnings().empty());
    const auto history = grader::submission::read_history(*submission);
    REQUIRE(history.has_value());
    CHECK(history->commits.size() == 2);
    CHECK_FALSE(std::filesystem::is_empty(scratch.path()));
  }
  CHECK(std::filesystem::is_empty(scratch.path()));
  for (const auto* ref : {"dev", "refs/pull/1/head"}) {
    choice.ref = ref;
    const auto submission = fetch(server().url("plain"), choice);
    REQUIRE(submission.has_value());
    CHECK(submission->read(*submission->find("manage.py")) == "x = 3\n");
  }
  choice.ref = "v1";
  const auto tagged = fetch(server().url("plain"), choice);
  REQUIRE(tagged.has_value());
  CHECK(tagged->ref() == "v1");
  CHECK(tagged->read(*tagged->find("manage.py")) == "x = 2\n");
}

TEST_CASE("https: progress is told") {
  const tests::Directory scratch;
  auto choice = options(scratch.path());
  std::size_t last = 0;
  choice.on_progress = [&](const auto& progress) { last = progress.total_objects; };
  CHECK(fetch(server().url("plain"), choice).has_value());
  CHECK(last > 5);
}

TEST_CASE("https: a redirect within the host is followed, another is not") {
  const tests::Directory scratch;
  const auto choice = options(scratch.path());
  CHECK(fetch(server().url("moved"), choice).has_value());
  CHECK(has(refused(server().url("away"), choice).what, "redirects to another host"));
  CHECK_FALSE(refused(server().url("down"), choice).hint.empty());
  CHECK_FALSE(refused(server().url("circle"), choice).hint.empty());
}

TEST_CASE("https: what is not there, asks, is empty or no repository") {
  const tests::Directory scratch;
  const auto choice = options(scratch.path());
  const auto ask = refused(server().url("auth"), choice);
  CHECK(has(ask.what, "needs authentication"));
  CHECK(has(ask.hint, "GRADER_TOKEN_HOST"));
  CHECK(has(refused(server().url("plain", "nothing"), choice).what, "no repository"));
  CHECK(has(refused(server().url("nowhere"), choice).what, "no repository"));
  CHECK(has(refused(server().url("plain", "empty"), choice).what, "is empty"));
  CHECK(has(refused(server().url("page"), choice).what, "no git repository"));
  CHECK(has(refused(server().url("fault"), choice).what, "fault of its own"));
  CHECK(has(refused(server().url("forbidden"), choice).what, "refuses access"));
  CHECK(has(refused(server().url("digest"), choice).what, "not supported"));
}

TEST_CASE("https: a token goes to its host and port, and nowhere else") {
  const tests::Directory scratch;
  auto choice = options(scratch.path());
  const tests::Variable token("GRADER_TOKEN", "token-1");
  const auto seen = [] { return server().authorizations(); };
  {
    const tests::Variable host("GRADER_TOKEN_HOST", server().host());
    CHECK(fetch(server().url("auth"), choice).has_value());
    CHECK(has(seen(), server().port(0) + " /auth/app/info/refs"));
    // On the way to these the server redirects first.
    const auto before = seen();
    const auto same = refused(server().url("same"), choice);
    CHECK(has(same.what, "never follow a redirect"));
    CHECK(has(same.hint, server().url("auth")));
    CHECK(has(refused(server().url("port"), choice).what, "never follow a redirect"));
    CHECK_FALSE(refused(server().url("away"), choice).what.empty());
    CHECK(seen() == before);
    CHECK(has(refused(server().url("ask"), choice).what, "was not accepted"));
  }
  const auto before = seen();
  for (const auto& host : {"127.0.0.1:" + server().port(1), std::string("127.0.0.1"),
                           std::string("localhost:") + server().port(0), "x." + server().host()}) {
    const tests::Variable other("GRADER_TOKEN_HOST", host);
    CHECK(has(refused(server().url("ask"), choice).what, "needs authentication"));
  }
  {
    const tests::Variable none("GRADER_TOKEN_HOST", "");
    const auto error = fetch(server().url("plain"), choice).error();
    CHECK(error.kind == ErrorKind::usage);
    CHECK(has(error.what, "not the host"));
  }
  CHECK(seen() == before);
}

TEST_CASE("https: credentials in a URL are not used") {
  const tests::Directory scratch;
  const auto before = server().authorizations();
  const auto submission = fetch("https://x-access-token:token-1@" + server().host() + "/plain/app",
                                options(scratch.path()));
  REQUIRE(submission.has_value());
  CHECK_FALSE(tests::warning(*submission, "credentials_in_url").empty());
  CHECK(server().authorizations() == before);
}

TEST_CASE("https: the credentials file is the user's own") {
  const tests::Directory scratch;
  const tests::Directory home;
  auto choice = options(scratch.path());
  choice.credentials_file = home.path() + "/credentials";
  const auto write = [&](const std::string& text, const char* mode) {
    std::ofstream(choice.credentials_file) << text;
    tests::shell(std::string("chmod ") + mode + " '" + choice.credentials_file + "'");
  };
  write("# ours\nother.example nothing\n" + server().host() + " token-1\n", "600");
  CHECK(fetch(server().url("auth"), choice).has_value());
  write(server().host() + " x-access-token token-1\n", "600");
  CHECK(fetch(server().url("auth"), choice).has_value());
  write("127.0.0.1 token-1\n", "600");
  CHECK(has(refused(server().url("auth"), choice).what, "needs authentication"));
  write(server().host() + " token-1\n", "640");
  CHECK(has(fetch(server().url("auth"), choice).error().what, "others can read"));
  write("a b c d\n", "600");
  CHECK(has(fetch(server().url("auth"), choice).error().where, "credentials:1"));
  choice.credentials_file = home.path() + "/nothing";
  CHECK(fetch(server().url("plain"), choice).error().kind == ErrorKind::usage);
}

TEST_CASE("https: limits end a fetch") {
  const tests::Directory scratch;
  auto choice = options(scratch.path());
  choice.limits.objects = 5;
  CHECK(has(refused(server().url("plain"), choice).what, "over a limit"));
  choice = options(scratch.path());
  choice.limits.received_bytes = 100;
  CHECK(has(refused(server().url("plain"), choice).what, "over a limit"));
  choice = options(scratch.path());
  choice.limits.fetch_seconds = 1;
  const auto begin = std::chrono::steady_clock::now();
  CHECK(has(refused(server().url("silent"), choice).what, "longer than 1 seconds"));
  CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds(5));
}

TEST_CASE("https: references without end are refused") {
  const tests::Directory scratch;
  auto choice = options(scratch.path());
  choice.limits.received_bytes = 1;
  CHECK(has(refused(server().url("endless"), choice).what, "over a limit"));
}

TEST_CASE("https: a connection that is cut, a host that is not there, a wrong certificate") {
  const tests::Directory scratch;
  const auto choice = options(scratch.path());
  CHECK(has(refused(server().url("cut"), choice).what, "was cut"));
  CHECK(has(refused("https://127.0.0.1:1/a", choice).what, "cannot be reached"));
  const auto unknown = fetch("https://no-such-host.invalid/a", choice);
  REQUIRE_FALSE(unknown.has_value());
  CHECK(has(unknown.error().what, "cannot be found"));
  {
    const tests::Variable authority("SSL_CERT_FILE", "/etc/ssl/certs/ca-certificates.crt");
    CHECK(has(refused(server().url("plain"), choice).what, "certificate"));
  }
  const auto name = fetch("https://localhost:" + server().port(0) + "/plain/app", choice);
  CHECK(name.has_value());
  const auto wrong_name =
      fetch("https://[::ffff:127.0.0.1]:" + server().port(0) + "/plain/app", choice);
  REQUIRE_FALSE(wrong_name.has_value());
}

TEST_CASE("https: private addresses are refused where only public ones are asked for") {
  const tests::Directory scratch;
  auto choice = options(scratch.path());
  choice.public_only = true;
  CHECK(has(refused(server().url("plain"), choice).what, "no address in the public internet"));
  const auto ssh = fetch("git@127.0.0.1:a", choice);
  REQUIRE_FALSE(ssh.has_value());
  CHECK(ssh.error().kind == ErrorKind::usage);
  CHECK(fetch(server().directory() + "/app", choice).error().kind == ErrorKind::usage);
}

TEST_CASE("https: through a proxy") {
  const tests::Directory scratch;
  const auto choice = options(scratch.path());
  const std::string address = "127.0.0.1:" + server().port(2);
  {
    const tests::Variable proxy("HTTPS_PROXY", "http://ada:p%40ss@" + address);
    CHECK(fetch(server().url("plain"), choice).has_value());
    CHECK(has(tests::read_file(server().directory() + "/proxy.log"), server().host()));
  }
  {
    const tests::Variable proxy("HTTPS_PROXY", "http://" + address);
    CHECK(has(refused(server().url("plain"), choice).what, "(407)"));
    const tests::Variable exempt("NO_PROXY", "example.org, 127.0.0.1");
    CHECK(fetch(server().url("plain"), choice).has_value());
  }
  const tests::Variable socks("HTTPS_PROXY", "socks5://" + address);
  CHECK(fetch(server().url("plain"), choice).error().kind == ErrorKind::usage);
}

TEST_CASE("https: a killed run's directory is removed by the next") {
  const tests::Directory scratch;
  tests::shell("mkdir -p '" + scratch.path() + "/grader-submission-aaaaaa/x' '" + scratch.path() +
               "/other'");
  CHECK(fetch(server().url("plain"), options(scratch.path())).has_value());
  CHECK_FALSE(std::filesystem::exists(scratch.path() + "/grader-submission-aaaaaa"));
  CHECK(std::filesystem::exists(scratch.path() + "/other"));
  const auto first = fetch(server().url("plain"), options(scratch.path()));
  const auto second = fetch(server().url("plain"), options(scratch.path()));
  REQUIRE(first.has_value());
  CHECK(first->read(*first->find("manage.py")).has_value());
}

TEST_CASE("https: a child that does not answer is our own fault") {
  const tests::Directory scratch;
  auto choice = options(scratch.path());
  choice.child = {"/bin/true"};
  CHECK(refused(server().url("plain"), choice).kind == ErrorKind::internal);
  choice.child = {"/bin/sh", "-c", "kill -9 $$"};
  CHECK(has(refused(server().url("plain"), choice).what, "signal 9"));
}

TEST_CASE("https: a fetch ends with the program that wanted it, even when that is killed") {
  const tests::Directory scratch;
  // A shell in place of the program: it becomes the parent of the fetch child and is killed.
  const tests::Directory top;
  grader::submission::FetchRequest request;
  request.url = server().url("silent");
  request.host = "127.0.0.1";
  request.port = std::stoi(server().port(0));
  request.path = "/silent/app";
  request.directory = scratch.path() + "/repository";
  request.objects = 1000;
  request.received_bytes = 1'000'000;
  request.seconds = 60;
  std::ofstream(top.path() + "/request", std::ios::binary) << encode(request);
  std::ofstream(top.path() + "/run.sh")
      << "export SSL_CERT_FILE='" << server().directory() << "/authority.pem'\n"
      << "cd '" << top.path() << "'\n"
      << "sh -c '" << FETCH_CHILD << " < request > out 2>&1 & echo $! > pid; exec sleep 60' &\n"
      << "parent=$!\n"
      << "for i in $(seq 100); do [ -d '" << request.directory << "' ] && break; sleep 0.05; done\n"
      << "sleep 0.5; child=$(cat pid); kill -0 $child || echo early\n"
      << "kill -9 $parent\n"
      << "for i in $(seq 40); do\n"
      << "  kill -0 $child 2>/dev/null || { echo gone; exit; }\n"
      << "  sleep 0.05\n"
      << "done\n"
      << "kill -9 $child; echo alive\n";
  const auto left = tests::shell("sh '" + top.path() + "/run.sh'");
  CHECK(left == "gone\n");
  CHECK(std::filesystem::exists(scratch.path() + "/repository"));
}

// The last one: the flag of an interrupt is never taken back.
TEST_CASE("https: an interrupt ends a fetch at once") {
  const tests::Directory scratch;
  grader::interrupt::install();
  std::thread user([] {
    std::this_thread::sleep_for(std::chrono::milliseconds(300));
    kill(getpid(), SIGINT);
  });
  const auto begin = std::chrono::steady_clock::now();
  const auto error = refused(server().url("silent"), options(scratch.path()));
  user.join();
  CHECK(error.kind == ErrorKind::interrupted);
  CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds(3));
}
