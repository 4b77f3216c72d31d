#include "grader/report/words.hpp"

#include <doctest/doctest.h>

namespace report = grader::report;

TEST_CASE("a submission is called by its owner and name, or by its folder") {
  using report::display_name;
  CHECK(display_name("https://git.example.org/ann/vault.git") == "ann/vault");
  CHECK(display_name("https://git.example.org/group/team/vault/") == "team/vault");
  CHECK(display_name("https://git.example.org/ann/vault?x=/y#z") == "ann/vault");
  CHECK(display_name("ssh://git@git.example.org:22/ann/vault.git") == "ann/vault");
  CHECK(display_name("git@git.example.org:ann/vault.git") == "ann/vault");
  CHECK(display_name("https://git.example.org/vault.git") == "vault");
  CHECK(display_name("/srv/mirror/ann+vault/repo") == "ann/vault");
  CHECK(display_name("/srv/mirror/ann+vault/repo.git") == "ann/vault");
  CHECK(display_name("/home/hr/vault/.git") == "vault");
  CHECK(display_name("file:///srv/vault.git") == "vault");
  CHECK(display_name("../vault") == "vault");
  CHECK(display_name("vault.git") == "vault");
  CHECK(display_name(".") == ".");
  CHECK(display_name("/") == "/");
  CHECK(display_name("") == "?");
}

TEST_CASE("a report says until when it may be kept") {
  report::Report value;
  value.as_of = 1'763'683'200;  // 2025-11-21
  value.keep_days = 30;
  CHECK(report::keep_until(value) == "2025-12-21");
}
