#include "sandbox/environment/protocol.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace grader::sandbox;

TEST_CASE("records are read from marked lines only") {
  const Records records = read_records(
      "noise\n@grader {\"kind\": \"rung\", \"name\": \"check\", \"ok\": true, \"ms\": 12, "
      "\"chain\": [\"a\", \"b\"]}\n{\"kind\": \"unmarked\"}\n@grader {\"kind\": \"end\"}");
  REQUIRE(records.all.size() == 2);
  CHECK(records.malformed == 0);
  const Record& rung = records.all[0];
  CHECK(rung.kind == "rung");
  CHECK(rung.text("name") == "check");
  CHECK(rung.number("ok") == 1);
  CHECK(rung.number("ms") == 12);
  CHECK(rung.list("chain") == std::vector<std::string>{"a", "b"});
  CHECK(rung.text("absent").empty());
  CHECK(rung.number("absent", 7) == 7);
  CHECK(rung.list("absent").empty());
}

TEST_CASE("hostile lines are counted, never an error") {
  const std::string deep =
      R"({"kind": "k", "l": )" + std::string(400'000, '[') + std::string(400'000, ']') + "}";
  const std::string output = "@grader " + deep + "\n@grader not json\n@grader [1, 2]\n" +
                             "@grader {\"name\": \"no kind\"}\n@grader {\"kind\": 3}\n" +
                             "@grader {\"kind\": \"" + std::string(2'000'000, 'x') + "\"}\n" +
                             std::string("@grader {\"kind\": \"a\0b\"}\n", 24) +
                             "@grader {\"kind\": \"fine\", \"n\": 1e400, \"o\": {\"p\": 1}}\n";
  const Records records = read_records(output);
  CHECK(records.malformed >= 6);
  CHECK(records.all.size() <= 2);
}

TEST_CASE("limits of texts, lists and counts hold") {
  RecordLimits limits;
  limits.text = 10;
  limits.list = 2;
  limits.count = 3;
  std::string output;
  for (int i = 0; i < 5; ++i) {
    output +=
        "@grader {\"kind\": \"k\", \"t\": \"0123456789abcdef\", \"l\": [\"1\", \"2\", \"3\"]}\n";
  }
  const Records records = read_records(output, limits);
  REQUIRE(records.all.size() == 3);
  CHECK(records.malformed == 2);
  CHECK(records.all[0].text("t").size() < 16);
  CHECK(records.all[0].list("l").size() == 2);
}

TEST_CASE("bytes that are no UTF-8 become valid texts") {
  const Records records = read_records("@grader {\"kind\": \"k\", \"t\": \"\\ud800 \xff\"}\n");
  // Either refused as a whole or made valid: never passed on as it came.
  for (const Record& record : records.all) {
    CHECK(record.text("t").find('\xff') == std::string_view::npos);
  }
}

TEST_CASE("a configuration is one JSON object with everything escaped") {
  ConfigWriter config;
  config.set("root", "/a \"b\"\n")
      .set("cap", 5)
      .set("files", std::vector<std::string>{"x", "\xff"});
  config.set("environment", std::map<std::string, std::string>{{"KEY", "v"}});
  CHECK(config.json() ==
        "{\"cap\": 5, \"environment\": {\"KEY\":\"v\"}, \"files\": [\"x\",\"\\ufffd\"], "
        "\"root\": \"/a \\\"b\\\"\\n\"}\n");
}
