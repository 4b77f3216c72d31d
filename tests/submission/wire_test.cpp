#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <netinet/in.h>

#include "grader/submission/address.hpp"
#include "grader/submission/fetch_wire.hpp"

using grader::Error;
using grader::ErrorKind;
using namespace grader::submission;

TEST_CASE("a request comes out of its encoding as it went in") {
  FetchRequest request;
  request.ssh = true;
  request.url = "ssh://git@host/a b\nc";
  request.port = 2222;
  request.credential = {"user", "secret"};
  request.known_hosts = {"one", "", "three"};
  request.public_only = true;
  request.objects = 200'000;
  request.received_bytes = std::uint64_t{1} << 40U;
  request.seconds = 120;
  const auto bytes = encode(request);
  const auto same = decode_request(bytes).value_or(FetchRequest{});
  CHECK(encode(same) == bytes);
  CHECK(same.known_hosts == request.known_hosts);
  CHECK(same.credential.secret == "secret");
  CHECK(same.received_bytes == request.received_bytes);

  for (std::size_t size = 0; size < bytes.size(); ++size) {
    CHECK_FALSE(decode_request(bytes.substr(0, size)).has_value());
  }
  CHECK_FALSE(decode_request(bytes + "x").has_value());
  CHECK_FALSE(decode_request(bytes + '\0').has_value());
}

TEST_CASE("an answer is an error of a few kinds, or none") {
  const auto decoded = [](const std::optional<Error>& error) {
    return decode_reply(encode(FetchReply{error})).value_or(FetchReply{}).error;
  };
  CHECK(decode_reply(encode(FetchReply{})).has_value());
  CHECK_FALSE(decoded(std::nullopt).has_value());
  const auto usage = decoded(Error{ErrorKind::usage, "what", "", "hint"}).value_or(Error{});
  CHECK(usage.kind == ErrorKind::usage);
  CHECK(usage.what == "what");
  CHECK(usage.hint == "hint");
  CHECK(decoded(Error{ErrorKind::rubric, "what", "", ""}).value_or(Error{}).kind ==
        ErrorKind::submission);
  for (const auto* text : {"", "1", "garbage", "0"}) CHECK_FALSE(decode_reply(text).has_value());
}

TEST_CASE("addresses of the public internet") {
  const auto check = [](const char* text) {
    sockaddr_in v4{};
    if (inet_pton(AF_INET, text, &v4.sin_addr) == 1) {
      v4.sin_family = AF_INET;
      return is_public(reinterpret_cast<const sockaddr&>(v4));
    }
    sockaddr_in6 v6{};
    REQUIRE(inet_pton(AF_INET6, text, &v6.sin6_addr) == 1);
    v6.sin6_family = AF_INET6;
    return is_public(reinterpret_cast<const sockaddr&>(v6));
  };
  for (const auto* text : {"1.1.1.1", "8.8.8.8", "100.63.255.255", "100.128.0.0", "172.15.0.1",
                           "172.32.0.1", "192.167.1.1", "198.17.0.1", "223.255.255.255",
                           "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"}) {
    INFO(text);
    CHECK(check(text));
  }
  for (const auto* text : {"0.0.0.0",
                           "10.1.2.3",
                           "100.64.0.1",
                           "127.0.0.1",
                           "127.255.255.255",
                           "169.254.169.254",
                           "172.16.0.1",
                           "172.31.255.255",
                           "192.0.0.1",
                           "192.0.2.1",
                           "192.168.1.1",
                           "198.18.0.1",
                           "198.19.255.255",
                           "203.0.113.9",
                           "224.0.0.1",
                           "255.255.255.255",
                           "::",
                           "::1",
                           "fe80::1",
                           "fc00::1",
                           "fd12::1",
                           "ff02::1",
                           "2001:db8::1",
                           "2001::1",
                           "::ffff:127.0.0.1",
                           "::ffff:10.0.0.1",
                           "64:ff9b::7f00:1",
                           "2002:7f00:1::",
                           "::7f00:1"}) {
    INFO(text);
    CHECK_FALSE(check(text));
  }
}
