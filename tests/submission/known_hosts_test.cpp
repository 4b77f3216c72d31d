#include "grader/submission/known_hosts.hpp"

#include <doctest/doctest.h>
#include <openssl/evp.h>

#include <string>

#include "tests/submission/repository.hpp"

using grader::submission::find_host_key;
using grader::submission::HostKey;

namespace {

/// A key as SSH sends it: two strings, each after its length.
std::string key(const std::string& type, const std::string& content) {
  std::string result;
  for (const auto& text : {type, content}) {
    for (const int shift : {24, 16, 8, 0})
      result += static_cast<char>(text.size() >> shift & 0xFFU);
    result += text;
  }
  return result;
}

std::string encoded(const std::string& bytes) {
  std::string out(bytes.size() * 2 + 8, '\0');
  const int size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                                   reinterpret_cast<const unsigned char*>(bytes.data()),
                                   static_cast<int>(bytes.size()));
  out.resize(static_cast<std::size_t>(size));
  return out;
}

const std::string mine = key("ssh-ed25519", "mine");
const std::string other = key("ssh-ed25519", "other");
const std::string rsa = key("ssh-rsa", "mine");

std::string line(const std::string& hosts, const std::string& bytes) {
  return hosts + " type " + encoded(bytes) + " comment\n";
}

}  // namespace

TEST_CASE("known_hosts: names, ports, wildcards, negation") {
  const auto find = [](const std::string& hosts, const std::string& host, int port = 22) {
    return find_host_key(line(hosts, mine), host, port, mine);
  };
  CHECK(find("host.example", "host.example") == HostKey::known);
  CHECK(find("HOST.example", "host.example") == HostKey::known);
  CHECK(find("a,host.example,b", "host.example") == HostKey::known);
  CHECK(find("*.example", "host.example") == HostKey::known);
  CHECK(find("hos?.example", "host.example") == HostKey::known);
  CHECK(find("*,!host.example", "host.example") == HostKey::unknown);
  CHECK(find("!host.example,*", "host.example") == HostKey::unknown);
  CHECK(find("host.example", "xhost.example") == HostKey::unknown);
  CHECK(find("host.example", "host.example", 2222) == HostKey::unknown);
  CHECK(find("[host.example]:2222", "host.example", 2222) == HostKey::known);
  CHECK(find("[host.example]:2222", "host.example") == HostKey::unknown);
  CHECK(find("[*]:2222", "host.example", 2222) == HostKey::known);
  CHECK(find("#host.example", "host.example") == HostKey::unknown);
}

TEST_CASE("known_hosts: other keys, revoked keys, broken lines") {
  const auto find = [](const std::string& text) { return find_host_key(text, "h", 22, mine); };
  CHECK(find(line("h", other)) == HostKey::changed);
  CHECK(find(line("h", rsa)) == HostKey::other_type);
  CHECK(find(line("h", rsa) + line("h", other)) == HostKey::changed);
  CHECK(find(line("h", other) + line("h", mine)) == HostKey::known);
  CHECK(find(line("h", mine) + line("h", other)) == HostKey::known);
  CHECK(find(line("h", mine) + line("@revoked h", mine)) == HostKey::revoked);
  CHECK(find(line("h", mine) + line("@revoked h", other)) == HostKey::known);
  CHECK(find(line("@cert-authority h", mine)) == HostKey::unknown);
  CHECK(find("") == HostKey::unknown);
  CHECK(find("h\nh type\nh type !!!!\nh type abc\n|1| type x\n") == HostKey::unknown);
  CHECK(find_host_key(line("h", "x"), "h", 22, "x") == HostKey::known);
}

TEST_CASE("known_hosts: hashed names as ssh-keygen writes them") {
  const tests::Directory top;
  const std::string file = top.path() + "/known";
  tests::shell("ssh-keygen -q -t ed25519 -N '' -f '" + top.path() + "/key' && cd '" + top.path() +
               "' && printf 'h.example %s\\n[h.example]:2222 %s\\n' \"$(cat key.pub)\" \"$(cat "
               "key.pub)\" > known && ssh-keygen -q -H -f known 2>/dev/null");
  const auto text = tests::shell("cat '" + file + "'");
  REQUIRE(text.starts_with("|1|"));
  const auto raw =
      tests::shell("cut -d' ' -f2 '" + top.path() + "/key.pub' | openssl base64 -d -A");
  CHECK(find_host_key(text, "h.example", 22, raw) == HostKey::known);
  CHECK(find_host_key(text, "h.example", 2222, raw) == HostKey::known);
  CHECK(find_host_key(text, "h.example", 2223, raw) == HostKey::unknown);
  CHECK(find_host_key(text, "x.example", 22, raw) == HostKey::unknown);
  const auto print = tests::shell("ssh-keygen -l -f '" + top.path() + "/key.pub'");
  CHECK(print.find(grader::submission::fingerprint(raw)) != std::string::npos);
}
