#include "sandbox/environment/index.hpp"

#include <doctest/doctest.h>

using namespace grader::sandbox;

TEST_CASE("pip's answer is read line by line") {
  const auto index = read_index(
      "index https://a.example/simple\nindex https://b.example/simple\nhost a.example:443\n"
      "host files.example:443\nlinks 3\ncertificates /etc/ca.pem\nproxy \nnonsense\n");
  REQUIRE(index.has_value());
  CHECK(index->urls ==
        std::vector<std::string>{"https://a.example/simple", "https://b.example/simple"});
  CHECK(index->hosts == std::vector<std::string>{"a.example:443", "files.example:443"});
  CHECK(index->certificates == "/etc/ca.pem");
  CHECK(index->proxy.empty());
}

TEST_CASE("no index, no host or an index without TLS is an error that says what to do") {
  for (const char* output :
       {"", "host a.example:443\n", "index https://a.example/simple\n",
        "index http://u:secret@a.example/simple\nhost a.example:80\n",
        "index https://u:secret@a.example/simple\nhost a.example:443\nlinks 0\n"}) {
    const auto index = read_index(output);
    REQUIRE_FALSE(index.has_value());
    CHECK(index.error().kind == grader::ErrorKind::sandbox);
    CHECK_FALSE(index.error().hint.empty());
    CHECK(index.error().what.find("secret") == std::string::npos);
  }
}

TEST_CASE("credentials are taken out of every URL of a message") {
  CHECK(without_credentials("see https://me:pw@a.example/x and https://t@b.example") ==
        "see https://a.example/x and https://b.example");
  CHECK(without_credentials("https://a.example/me@there") == "https://a.example/me@there");
  CHECK(without_credentials("no address") == "no address");
}
