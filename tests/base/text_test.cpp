#include "grader/base/text.hpp"

#include <doctest/doctest.h>

using namespace std::string_literals;
namespace text = grader::text;

TEST_CASE("lines end at \\n, \\r\\n and \\r") {
  CHECK(text::lines("a\nb\r\nc\rd") == std::vector<std::string_view>{"a", "b", "c", "d"});
  CHECK(text::lines("a\n") == std::vector<std::string_view>{"a"});
  CHECK(text::lines("").empty());
}

TEST_CASE("words of an identifier") {
  CHECK(text::words("motDePasse_user2") == std::vector<std::string>{"mot", "de", "passe", "user2"});
  CHECK(text::words("HTTPServer") == std::vector<std::string>{"http", "server"});
}

TEST_CASE("invalid bytes become replacement characters") {
  CHECK(text::to_utf8("a\xFFz") == "a\xEF\xBF\xBDz");
  CHECK(text::to_utf8("\xED\xA0\x80") == "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD");
  CHECK(text::to_utf8("пароль") == "пароль");
}

TEST_CASE("encodings of files") {
  CHECK(text::decode("\xFF\xFE"
                     "a\0b\0"s) == "ab");
  CHECK(text::decode("\xFE\xFF"
                     "\0a\xD8\x3D\xDE\x00"s) == "a😀");
  CHECK(text::decode("\xEF\xBB\xBF"
                     "x") == "x");
  CHECK(text::decode("caf\xE9") == "café");
  CHECK_FALSE(text::decode("a\0b"s).has_value());
}

TEST_CASE("shorten counts code points") {
  CHECK(text::shorten("пароль", 6) == "пароль");
  CHECK(text::shorten("пароли!", 6) == "парол…");
}

TEST_CASE("did you mean") {
  CHECK(text::nearest("settings.debug_enabld", {"settings.debug_enabled", "views.fat"}) ==
        "settings.debug_enabled");
  CHECK_FALSE(text::nearest("zebra", {"settings.debug_enabled"}).has_value());
  CHECK(text::edit_distance("ab", "ba") == 1);
}

TEST_CASE("a masked secret shows its start, its length and a salted digest") {
  const auto masked = text::mask("django-insecure-abc", "salt");
  CHECK(masked.starts_with("dja… (19 characters, "));
  CHECK(masked != text::mask("django-insecure-abc", "other"));
  CHECK(text::mask("short", "salt").starts_with("… (5 characters, "));
  // Characters count, not bytes: four of two bytes each are a short secret.
  CHECK(text::mask("ключ", "salt").starts_with("… (4 characters, "));
  CHECK(text::mask("ключевой", "salt").starts_with("клю… (8 characters, "));
}

TEST_CASE("printable text cannot drive a terminal or turn the reading direction") {
  CHECK(text::printable("\x1b[31mred\0\x7f"s) == "\\x1b[31mred\\x00\\x7f");
  CHECK(text::printable("\u009b2J") == "\\x9b2J");
  CHECK(text::printable("user\u202Etxt.exe\u2066") == "user\\u202etxt.exe\\u2066");
  CHECK(text::printable("a\tb\nc\r", "\n\t") == "a\tb\nc\\x0d");
  CHECK(text::printable("caf\xE9, пароль, 密码") == "caf\uFFFD, пароль, 密码");
}

TEST_CASE("sha256 of nothing (FIPS 180-4)") {
  CHECK(text::sha256("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}
