#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "grader/report/formats.hpp"
#include "tests/report/sample.hpp"

namespace report = grader::report;
using nlohmann::json;

TEST_CASE("report.json reads back with the documented keys") {
  const auto document = json::parse(report::to_json(report::sample::middling()));
  for (const char* key :
       {"schema", "grader", "submission", "rubric", "profile", "findings", "score", "sections",
        "gates", "rehearsal", "lint", "dossier", "history", "inputs", "timing"}) {
    CHECK_MESSAGE(document.contains(key), key);
  }
  CHECK(document["score"]["percent"].dump() == "57.897436");
  CHECK(document["score"]["low"].dump() == "56.5");
  CHECK(document["score"]["high"].dump() == "60");
  CHECK(document["findings"].size() == report::sample::findings().size());
}

TEST_CASE("the profile has the keys of the labels") {
  const auto profile = json::parse(report::to_json(report::sample::middling()))["profile"];
  CHECK(profile["entry_model"] == json{{"class", "PasswordEntry"},
                                       {"at", "vault/models.py:8"},
                                       {"secret_field", "password"},
                                       {"owner_field", "user"}});
  CHECK(profile["encryption"]["class"] == "sound");
  CHECK(profile["encryption"]["paths_missing"] == json{"vault/views.py:112"});
  CHECK(profile["views"][1] == json{{"name", "delete_entry"},
                                    {"at", "vault/views.py:62"},
                                    {"op", "delete"},
                                    {"login", "required"},
                                    {"owner", "scoped"},
                                    {"method_safe", false}});
  CHECK(profile["views"][2]["owner"] == "unsure");
  CHECK(profile["views"][4]["reached"] == false);
  CHECK_FALSE(profile["views"][4].contains("method_safe"));
  CHECK(profile["features"]["export"] == true);
  CHECK(profile["settings"]["other_secrets"][0] ==
        json{{"what", "encryption key"}, {"at", "config/settings.py:24"}});
  CHECK(profile["git"]["style"] == "incremental");
}

TEST_CASE("what is not decided has no key, what is absent is null") {
  const auto document = json::parse(report::to_json(report::sample::bare()));
  CHECK(document["profile"]["entry_model"].is_null());
  CHECK_FALSE(document["profile"]["encryption"].contains("class"));
  CHECK_FALSE(document["profile"]["tests"].contains("ownership_tested"));
  CHECK(document["profile"]["dependencies"]["file"].is_null());
  CHECK(document["rehearsal"].is_null());
}

TEST_CASE("durations are in timing alone") {
  auto slow = report::sample::middling();
  auto document = json::parse(report::to_json(slow));
  for (auto& [stage, seconds] : slow.timing) seconds *= 7;
  auto run = report::sample::rehearsal();
  for (auto& rung : run.ladder) rung.duration *= 7;
  if (run.tests) {
    for (auto& test : run.tests->cases) test.duration *= 7;
  }
  slow.rehearsal = std::move(run);
  auto other = json::parse(report::to_json(slow));
  CHECK(document["timing"] != other["timing"]);
  document.erase("timing");
  other.erase("timing");
  CHECK(document == other);
}

TEST_CASE("hostile text survives as text, and cannot drive a terminal") {
  const auto hostile = report::sample::hostile();
  const std::string text = report::to_json(hostile);
  const auto document = json::parse(text);
  CHECK(document["findings"].size() == hostile.findings.size());
  CHECK(document["findings"][0]["message"].get<std::string>() == hostile.findings[0].message);
  CHECK(text.size() > (1U << 20U));
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c != '\n' && (byte < 0x20 || byte == 0x7F)) FAIL("control character " << int{byte});
  }
  for (const char* mark : {"\u009b", "\u202E", "\u2066", "\u2028", "\uFEFF"}) {
    CHECK(text.find(mark) == std::string::npos);
  }
  bool kept = false;
  for (const auto& finding : document["findings"]) {
    kept = kept || finding["message"].get<std::string>().find("\u202Egnirts") != std::string::npos;
  }
  CHECK(kept);
}
