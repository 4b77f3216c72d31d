// Every check over its fixtures: what is marked is found, what is not marked is not.
#include <doctest/doctest.h>

#include <algorithm>

#include "tests/checks/fixture.hpp"

using namespace grader;
using namespace grader::checks;

TEST_CASE("every check finds what its fixtures mark and nothing else") {
  for (const auto& entry : catalogue()) {
    const std::string id(entry.id);
    const auto folders = fixture_folders(id);
    const auto count = [&](std::string_view side) {
      return std::ranges::count_if(folders, [&](const std::string& folder) {
        return folder.substr(folder.rfind('/') + 1).starts_with(side);
      });
    };
    // A bonus is never missed: its own test is below.
    const bool bonus = entry.family == "bonus";
    CHECK_MESSAGE((bonus || count("bad") > 0), id << " has no fixtures that it must find");
    CHECK_MESSAGE(count("good") > 0, id << " has no fixtures at which it must be silent");
    for (const auto& folder : folders) {
      const Fixture fixture = read_fixture(folder);
      const bool bad = folder.find("/bad") != folder.npos;
      CHECK_MESSAGE(fixture.expected.empty() != bad,
                    folder << std::string(bad ? " marks nothing" : " marks what must be silent"));
      for (const auto& difference : differences(fixture, id, run_on(fixture, entry))) {
        FAIL_CHECK(difference);
      }
    }
  }
}

TEST_CASE("every check says what is bad, why, and what to do instead") {
  for (const auto& entry : catalogue()) {
    const std::string id(entry.id);
    CHECK_MESSAGE(!entry.check->title.empty(), id);
    CHECK_MESSAGE(!entry.check->title.ends_with('.'), id);
    CHECK_MESSAGE(entry.check->why.size() > 40, id);
    CHECK_MESSAGE(entry.check->fix.size() > 40, id);
    CHECK_MESSAGE(find_check(entry.id) == &entry, id);
  }
}

TEST_CASE("an empty submission upsets no check") {
  project::Files files;
  files.read = [](std::string_view) { return std::optional<std::string>(); };
  const auto project = project::model(std::move(files));
  const submission::History history;
  const auto findings = inspect(Facts{project, history});
  CHECK(findings.size() >= catalogue().size());
  for (const auto& finding : findings) {
    CHECK_MESSAGE(finding.message.find("fault of ours") == std::string::npos, finding.message);
  }
}

TEST_CASE("what earns a bonus is met where it is there, and costs nothing where it is not") {
  for (const auto& entry : catalogue()) {
    if (entry.family != "bonus") continue;
    const std::string folder = "fixtures/bonus/" + std::string(entry.id.substr(6));
    const Fixture there = read_fixture(folder + "/good_there");
    const Fixture absent = read_fixture(folder + "/good_absent");
    CHECK_MESSAGE(run_on(there, entry).front().outcome == grading::Outcome::met, entry.id);
    CHECK_MESSAGE(run_on(absent, entry).front().outcome == grading::Outcome::not_applicable,
                  entry.id);
  }
}
