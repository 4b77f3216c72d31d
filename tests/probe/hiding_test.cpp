// How a text that was typed hides in what is kept.
#include "sandbox/probe/reader/hiding.hpp"

#include <doctest/doctest.h>

#include <algorithm>

using namespace grader::sandbox::reader;

namespace {

const std::string secret = "Kabcd123!efg4";

}  // namespace

TEST_CASE("a text as it was typed is found wherever it stands") {
  CHECK(how_hidden("x" + secret + "y", secret) == "as typed");
  CHECK(how_hidden("b'" + secret + "'", secret) == "as typed");
}

TEST_CASE("encodings are undone, alone and one in the other") {
  CHECK(how_hidden("S2FiY2QxMjMhZWZnNA==", secret) == "base64");
  CHECK(how_hidden("S2FiY2QxMjMhZWZnNA", secret) == "base64");
  CHECK(how_hidden("b'S2FiY2QxMjMhZWZnNA=='", secret) == "base64");
  CHECK(how_hidden("4b6162636431323321656667 34", secret).empty());
  CHECK(how_hidden("4b616263643132332165666734", secret) == "hex");
  CHECK(how_hidden("Kabcd123%21efg4", secret) == "percent-encoded");
  CHECK(how_hidden("UzJGaVkyUXhNak1oWldablBBPT0=", secret).empty());
  CHECK(how_hidden("UzJGaVkyUXhNak1oWldabk5BPT0=", secret) == "base64 > base64");
  CHECK(how_hidden("4gfe!321dcbaK", secret) == "reversed");
}

TEST_CASE("sessions and signed tokens are opened") {
  CHECK(how_hidden(".eJyrVspJLC5RslJQ8k5MSk4xNDJWTE1LN1HSUVCqAIkmUgCUagGQQR_j:1abc:sig", secret) ==
        "base64 > compressed");
  CHECK(how_hidden("pbkdf2$S2FiY2QxMjMhZWZnNA==", secret) == "base64");
}

TEST_CASE("toy ciphers are seen through") {
  std::string turned = secret;
  std::ranges::transform(turned, turned.begin(),
                         [](char one) { return static_cast<char>(one + 3); });
  CHECK(how_hidden(turned, secret) == "one number added to each letter");
  std::ranges::transform(secret, turned.begin(),
                         [](char one) { return static_cast<char>(one ^ 0x55); });
  CHECK(how_hidden(turned, secret) == "one byte exclusive-ored");
  CHECK(how_hidden("Xnopq123!rst4", secret) == "letters shifted by 13");
}

TEST_CASE("ciphertexts, other texts and hostile sizes are nothing") {
  CHECK(how_hidden("gAAAAABlx0V5pZQ1m0y7Q3v8Jt0m8G2d2Vt2k0aQ4w==", secret).empty());
  CHECK(how_hidden("", secret).empty());
  CHECK(how_hidden(secret, "short").empty());
  CHECK(how_hidden(std::string(1U << 20U, 'A'), secret).empty());
  CHECK(how_hidden(std::string(4'000, '='), secret).empty());
}
