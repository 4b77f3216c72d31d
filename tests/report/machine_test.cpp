#include <doctest/doctest.h>
#include <expat.h>

#include <nlohmann/json.hpp>
#include <set>

#include "grader/report/formats.hpp"
#include "tests/report/sample.hpp"

namespace report = grader::report;
using nlohmann::json;

namespace {

struct Counts {
  int suites = 0;
  int cases = 0;
  int failures = 0;
  int skipped = 0;
  int others = 0;
};

void XMLCALL on_start(void* data, const char* name, const char** /*attributes*/) {
  auto& counts = *static_cast<Counts*>(data);
  const std::string tag = name;
  if (tag == "testsuite") {
    ++counts.suites;
  } else if (tag == "testcase") {
    ++counts.cases;
  } else if (tag == "failure") {
    ++counts.failures;
  } else if (tag == "skipped") {
    ++counts.skipped;
  } else if (tag != "system-out") {
    ++counts.others;
  }
}

/// Elements of a well-formed document; `ok` is false where it is not well-formed.
Counts parse_xml(const std::string& xml, bool& ok) {
  Counts counts;
  XML_Parser parser = XML_ParserCreate(nullptr);
  XML_SetUserData(parser, &counts);
  XML_SetElementHandler(parser, on_start, nullptr);
  ok = XML_Parse(parser, xml.data(), static_cast<int>(xml.size()), 1) == XML_STATUS_OK;
  XML_ParserFree(parser);
  return counts;
}

}  // namespace

TEST_CASE("JUnit is well-formed XML with one case a check") {
  bool ok = false;
  const auto counts = parse_xml(report::to_junit(report::sample::middling()), ok);
  CHECK(ok);
  CHECK(counts.suites == 1);
  CHECK(counts.cases == 18);
  CHECK(counts.failures == 10);
  CHECK(counts.skipped == 2);
  CHECK(counts.others == 0);
}

TEST_CASE("JUnit of a hostile submission stays well-formed") {
  bool ok = false;
  const auto counts = parse_xml(report::to_junit(report::sample::hostile()), ok);
  CHECK(ok);
  CHECK(counts.suites == 1);
  CHECK(counts.others == 0);
  parse_xml("<testsuite>" + report::sample::attacks()[0] + "</suite>", ok);
  CHECK_FALSE(ok);
}

TEST_CASE("SARIF holds rules, results, places and fingerprints") {
  const auto document = json::parse(report::to_sarif(report::sample::middling()));
  CHECK(document["version"] == "2.1.0");
  const auto& run = document["runs"][0];
  const auto& rules = run["tool"]["driver"]["rules"];
  std::set<std::string> prints;
  for (const auto& result : run["results"]) {
    CHECK(rules[result["ruleIndex"].get<std::size_t>()]["id"] == result["ruleId"]);
    CHECK_FALSE(result["message"]["text"].get<std::string>().empty());
    prints.insert(result["partialFingerprints"]["graderFinding/v1"]);
    CHECK((result["kind"] == "fail") == (result["level"] != "none"));
  }
  CHECK(prints.size() == run["results"].size());
  const auto& first = run["results"][0];
  CHECK(first["level"] == "error");
  CHECK(first["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "vault/views.py");
  CHECK(first["locations"][0]["physicalLocation"]["region"]["startLine"] == 91);
  CHECK(first["relatedLocations"].size() == 3);
}

TEST_CASE("a fingerprint survives lines that are added above") {
  auto moved = report::sample::middling();
  const auto before = json::parse(report::to_sarif(moved))["runs"][0]["results"];
  for (auto& finding : moved.findings) {
    for (auto& evidence : finding.evidence) evidence.location.line += 5;
  }
  const auto after = json::parse(report::to_sarif(moved))["runs"][0]["results"];
  for (std::size_t i = 0; i < before.size(); ++i) {
    CHECK(before[i]["partialFingerprints"] == after[i]["partialFingerprints"]);
  }
}

TEST_CASE("paths of a hostile submission are relative URIs in SARIF") {
  const auto document = json::parse(report::to_sarif(report::sample::hostile()));
  for (const auto& result : document["runs"][0]["results"]) {
    if (!result.contains("locations")) continue;
    const std::string uri = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"];
    CHECK(uri.find_first_of(" <>\"'\\:?#\x1b\n") == std::string::npos);
  }
}
