#include "grader/submission/source.hpp"

#include <doctest/doctest.h>

#include <string>

using grader::ErrorKind;
using grader::submission::parse_source;
using grader::submission::Source;

TEST_CASE("https URLs lose credentials, query and fragment") {
  const auto source = parse_source(" https://ada:s3cret@Git.Example.org/ada/app.git?tab=readme#x ");
  REQUIRE(source.has_value());
  CHECK(source->kind == Source::Kind::https);
  CHECK(source->text == "https://git.example.org/ada/app.git");
  CHECK(source->url == source->text);
  CHECK(source->host == "git.example.org");
  CHECK(source->port == 443);
  CHECK(source->path == "/ada/app.git");
  CHECK(source->had_credentials);
  CHECK(source->remote());
  const auto other = parse_source("https://[::1]:8443/a");
  REQUIRE(other.has_value());
  CHECK(other->host == "::1");
  CHECK(other->port == 8443);
  CHECK(other->url == "https://[::1]:8443/a");
  CHECK_FALSE(other->had_credentials);
}

TEST_CASE("ssh in both forms") {
  const auto url = parse_source("ssh://git@host.example:2222/ada/app.git");
  REQUIRE(url.has_value());
  CHECK(url->kind == Source::Kind::ssh);
  CHECK(url->user == "git");
  CHECK(url->host == "host.example");
  CHECK(url->port == 2222);
  CHECK(url->url == "ssh://git@host.example:2222/ada/app.git");
  const auto scp = parse_source("ada@host.example:app.git");
  REQUIRE(scp.has_value());
  CHECK(scp->kind == Source::Kind::ssh);
  CHECK(scp->user == "ada");
  CHECK(scp->path == "app.git");
  CHECK(scp->url == "ada@host.example:app.git");
  CHECK(parse_source("ssh://host/a")->user == "git");
  CHECK(parse_source("[::1]:a/b")->host == "::1");
}

TEST_CASE("files and paths") {
  const auto url = parse_source("file:///srv/a%20b");
  REQUIRE(url.has_value());
  CHECK(url->kind == Source::Kind::file);
  CHECK(url->path == "/srv/a b");
  CHECK(parse_source("file://localhost/srv")->path == "/srv");
  for (const auto* path : {".", "../app", "/srv/app", "a b", "./host:path", "~ada/x"}) {
    const auto source = parse_source(path);
    REQUIRE(source.has_value());
    CHECK(source->kind == Source::Kind::path);
    CHECK(source->path == path);
    CHECK_FALSE(source->remote());
  }
}

TEST_CASE("everything else is refused and the accepted forms are named") {
  for (const auto* text : {"",
                           "  ",
                           "http://host/a",
                           "git://host/a",
                           "ftp://host/a",
                           "ext::sh -c id",
                           "ext::/bin/id",
                           "transport::https://host/a",
                           "https://",
                           "https://host",
                           "https://host/",
                           "https:///a",
                           "https://ho st/a",
                           "https://-host/a",
                           "https://host:0/a",
                           "https://host:99999/a",
                           "https://host:1x/a",
                           "https://[::1/a",
                           "https://[zz]/a",
                           "ssh://host",
                           "ssh://-x@host/a",
                           "ssh://host:port/a",
                           "file://",
                           "file://host/a",
                           "file:///a%00b",
                           "host:",
                           "a\nb",
                           "https://host/\x1b[2J",
                           "-x@host:a"}) {
    INFO(text);
    const auto source = parse_source(text);
    REQUIRE_FALSE(source.has_value());
    CHECK(source.error().kind == ErrorKind::usage);
    CHECK(source.error().hint.find("https://HOST/PATH") != std::string::npos);
  }
  CHECK_FALSE(parse_source("https://host/" + std::string(5000, 'a')).has_value());
}

TEST_CASE("no message repeats a password") {
  for (const auto* text : {"http://ada:s3cret@host/a", "https://ada:s3cret@/a",
                           "git://ada:s3cret@host/a", "ssh://ada:s3cret@ho st/a"}) {
    const auto source = parse_source(text);
    REQUIRE_FALSE(source.has_value());
    CHECK(to_string(source.error()).find("s3cret") == std::string::npos);
  }
  CHECK(parse_source("ssh://ada:s3cret@host/a")->text == "ssh://ada@host/a");
}
