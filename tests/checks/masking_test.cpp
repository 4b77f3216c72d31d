// What a finding shows of a secret.
#include <doctest/doctest.h>

#include "checks/findings.hpp"
#include "tests/checks/fixture.hpp"

using namespace grader;
using namespace grader::checks;

TEST_CASE("no finding of the fixtures shows a secret") {
  // Every secret in these fixtures holds this run of digits.
  int looked_at = 0;
  for (const auto id : {"settings.credential_committed", "settings.secret_key_literal"}) {
    for (const auto& folder : fixture_folders(id)) {
      const Fixture fixture = read_fixture(folder);
      for (const auto& finding : run_on(fixture, *find_check(id))) {
        CHECK_MESSAGE(finding.message.find("012345") == std::string::npos, finding.message);
        for (const auto& evidence : finding.evidence) {
          CHECK_MESSAGE(evidence.quote.find("012345") == std::string::npos, evidence.quote);
          ++looked_at;
        }
      }
    }
  }
  CHECK(looked_at > 8);
}

TEST_CASE("a secret that does not stand in the line as it is hides all texts of it") {
  Fixture fixture;
  fixture.files.entries.push_back({"a.py", 60, false});
  fixture.files.read = [](std::string_view) {
    return std::optional<std::string>("KEY = 'abc' + \"def\" + 'open");
  };
  const auto project = project::model(fixture.files);
  const Facts facts{project, fixture.history};
  const auto whole = code_without(facts, {"a.py", 1}, "abcdefopen");
  CHECK(whole.quote == "KEY = '…' + \"…\" + '…");
  const auto plain = code_without(facts, {"a.py", 1}, "abc");
  CHECK(plain.quote.find("abc") == std::string::npos);
  CHECK(plain.quote.find("def") != std::string::npos);
}
