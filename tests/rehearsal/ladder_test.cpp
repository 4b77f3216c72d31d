// The whole ladder in real boxes over small projects of ours; needs the package index once.
#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <map>

#include "sandbox/rehearsal/rehearse.hpp"

using namespace grader::sandbox;

namespace {

struct Workshop {
  Sandbox sandbox;
  Host host;
};

/// Says what is missing and what to do, in place of failing somewhere deep.
Workshop workshop() {
  const auto host = prepare_host();
  if (!host) FAIL(to_string(host.error()));
  const auto sandbox = Sandbox::open();
  if (!sandbox) FAIL(to_string(sandbox.error()));
  return {*sandbox, *host};
}

Plan plan_of_fixture(std::vector<std::string> tests = {}) {
  Plan plan;
  plan.settings_module = "keeper.settings";
  plan.settings_at = {.path = "keeper/settings.py", .line = 1};
  plan.requirements = {{"django", "==4.2.16", {.path = "requirements.txt", .line = 1}}};
  plan.test_framework = tests.empty() ? "none" : "django";
  for (std::string& test : tests) plan.tests.push_back({std::move(test), {}});
  plan.counted = {"vault/models.py", "vault/views.py"};
  plan.local = {"keeper", "vault"};
  return plan;
}

Rehearsal rehearsed(const std::string& fixture, const Plan& plan) {
  const Workshop shop = workshop();
  RehearsalOptions options;
  options.rung = std::chrono::seconds(8);
  const auto tree = std::filesystem::absolute("fixtures/rehearsal") / fixture;
  const auto rehearsal = rehearse_tree(tree, plan, shop.sandbox, shop.host, options);
  if (!rehearsal) FAIL(to_string(rehearsal.error()));
  const Rung* dependencies = rehearsal->rung("dependencies");
  REQUIRE(dependencies != nullptr);
  INFO(dependencies->reason);
  REQUIRE(dependencies->status == RungStatus::passed);
  return *rehearsal;
}

/// "settings:passed check:failed …"
std::string ladder(const Rehearsal& rehearsal) {
  const std::map<RungStatus, std::string> names = {{RungStatus::passed, "passed"},
                                                   {RungStatus::failed, "failed"},
                                                   {RungStatus::undetermined, "undetermined"}};
  std::string text;
  for (const Rung& rung : rehearsal.ladder) text += rung.name + ":" + names.at(rung.status) + " ";
  return text;
}

bool has_repair(const Rehearsal& rehearsal, std::string_view name) {
  return std::ranges::any_of(rehearsal.repairs,
                             [&](const Repair& repair) { return repair.name == name; });
}

constexpr const char* all_passed =
    "dependencies:passed settings:passed check:passed migrations:passed migrate:passed "
    "serve:passed routes:passed tests:passed ";

}  // namespace

TEST_CASE("a good project climbs to the top, with the repairs that a box needs") {
  Plan plan = plan_of_fixture({"test_index_counts", "test_title_is_shown", "test_that_fails"});
  PlannedVariable key;
  key.name = "KEEPER_SECRET_KEY";
  key.setting = "SECRET_KEY";
  key.at = {.path = "keeper/settings.py", .line = 7};
  plan.variables = {key};
  const Rehearsal rehearsal = rehearsed("good", plan);
  CHECK(ladder(rehearsal) == all_passed);
  CHECK(has_repair(rehearsal, "repair.environment_variable"));
  CHECK(has_repair(rehearsal, "repair.database"));
  CHECK(has_repair(rehearsal, "repair.hosts"));
  CHECK(rehearsal.repairs.size() == 3);
  REQUIRE(rehearsal.tests.has_value());
  CHECK(rehearsal.tests->doubt.empty());
  CHECK(rehearsal.tests->trusted);
  REQUIRE(rehearsal.tests->cases.size() == 3);
  std::map<std::string, TestCase::Status> outcomes;
  for (const TestCase& test : rehearsal.tests->cases) outcomes[test.id] = test.status;
  CHECK(outcomes["vault.tests.EntryTest.test_index_counts"] == TestCase::Status::passed);
  CHECK(outcomes["vault.tests.EntryTest.test_title_is_shown"] == TestCase::Status::passed);
  CHECK(outcomes["vault.tests.EntryTest.test_that_fails"] == TestCase::Status::failed);
  REQUIRE(rehearsal.tests->coverage.size() == 2);
  CHECK(rehearsal.tests->coverage[0].covered == rehearsal.tests->coverage[0].statements);
  CHECK(rehearsal.tests->coverage[1].statements - rehearsal.tests->coverage[1].covered == 2);
  CHECK(std::ranges::find(rehearsal.distributions, "django==4.2.16") !=
        rehearsal.distributions.end());
}

TEST_CASE("pytest runs the same tests, and is added where no requirement names it") {
  Plan plan = plan_of_fixture({"test_index_counts", "test_title_is_shown", "test_that_fails"});
  plan.test_framework = "pytest";
  plan.variables.push_back({"KEEPER_SECRET_KEY", false, "", "SECRET_KEY", {}});
  const Rehearsal rehearsal = rehearsed("good", plan);
  CHECK(ladder(rehearsal) == all_passed);
  CHECK(has_repair(rehearsal, "repair.test_runner"));
  REQUIRE(rehearsal.tests.has_value());
  CHECK(rehearsal.tests->runner == "pytest");
  CHECK(rehearsal.tests->doubt.empty());
  CHECK(rehearsal.tests->cases.size() == 3);
}

TEST_CASE("settings that ask the keyboard fail at once, by the submission's fault") {
  const Rehearsal rehearsal = rehearsed("blocking", plan_of_fixture());
  const Rung* settings = rehearsal.rung("settings");
  CHECK(settings->status == RungStatus::failed);
  CHECK(settings->cause == RungCause::submission);
  CHECK(settings->reason.find("EOFError") != std::string::npos);
  CHECK(settings->reason.find("keeper/settings.py:3") != std::string::npos);
  const Rung* serve = rehearsal.rung("serve");
  CHECK(serve->status == RungStatus::undetermined);
  CHECK(serve->cause == RungCause::submission);
}

TEST_CASE("a page that asks a service outside is nobody's fault") {
  const Rehearsal rehearsal = rehearsed("outside", plan_of_fixture());
  CHECK(rehearsal.rung("serve")->status == RungStatus::passed);
  const Rung* pages = rehearsal.rung("routes");
  CHECK(pages->status == RungStatus::undetermined);
  CHECK(pages->cause == RungCause::grader);
  CHECK(pages->reason.starts_with("of /icons/ nothing can be said"));
  // Addresses in memory differ from run to run.
  const auto icons = std::ranges::find(rehearsal.routes, "/icons/", &RouteAnswer::path);
  REQUIRE(icons != rehearsal.routes.end());
  CHECK(icons->error == "OSError: no icons from <object object at 0x...>");
}

TEST_CASE("settings that hang are stopped, and the line is named") {
  const Rehearsal rehearsal = rehearsed("hanging", plan_of_fixture());
  const Rung* settings = rehearsal.rung("settings");
  CHECK(settings->status == RungStatus::failed);
  CHECK(settings->reason.find("keeper/settings.py:8") != std::string::npos);
}

TEST_CASE("forged results are never trusted") {
  const Rehearsal forged = rehearsed("forged_exit", plan_of_fixture({"test_first", "test_second"}));
  REQUIRE(forged.tests.has_value());
  CHECK_FALSE(forged.tests->trusted);
  CHECK_FALSE(forged.tests->doubt.empty());
  const Rehearsal patched = rehearsed("forged_patch", plan_of_fixture({"test_equal"}));
  REQUIRE(patched.tests.has_value());
  CHECK_FALSE(patched.tests->trusted);
  CHECK(patched.tests->doubt.find("test of ours") != std::string::npos);
}

TEST_CASE("a hostile setup.py and the options of a requirements file are never acted upon") {
  const Rehearsal rehearsal = rehearsed("hostile_setup", plan_of_fixture());
  CHECK(rehearsal.rung("serve")->status == RungStatus::passed);
  for (const std::string& one : rehearsal.distributions) {
    CHECK(one.find("hostile") == std::string::npos);
    CHECK(one.find("thing") == std::string::npos);
  }
}

TEST_CASE("requirements that exist nowhere are left out and listed") {
  Plan plan = plan_of_fixture();
  plan.requirements.push_back({"grader-no-such-distribution", "==1.0", {}});
  plan.requirements.push_back({"mysqlclient", "==0.0.0.1", {}});
  const Rehearsal rehearsal = rehearsed("forged_patch", plan);
  CHECK(rehearsal.rung("serve")->status == RungStatus::passed);
  CHECK(std::ranges::count(rehearsal.repairs, "repair.left_out", &Repair::name) == 2);
}

TEST_CASE("what SQLite cannot carry climbs with a PostgreSQL of the box's own") {
  Plan plan = plan_of_fixture({"test_tags"});
  plan.requirements.push_back({"psycopg2-binary", "==2.9.9", {}});
  const Rehearsal rehearsal = rehearsed("array_field", plan);
  CHECK(ladder(rehearsal) == all_passed);
  CHECK(has_repair(rehearsal, "repair.database_server"));
  CHECK_FALSE(has_repair(rehearsal, "repair.database"));
  REQUIRE(rehearsal.tests.has_value());
  INFO(rehearsal.tests->doubt);
  CHECK(rehearsal.tests->trusted);
}

TEST_CASE("tests that rely on what others leave behind are found by another order") {
  Plan plan = plan_of_fixture({"test_1_makes", "test_2_relies", "test_3_relies", "test_4_alone"});
  plan.variables.push_back({"KEEPER_SECRET_KEY", false, "", "SECRET_KEY", {}});
  const Rehearsal rehearsal = rehearsed("order", plan);
  REQUIRE(rehearsal.tests.has_value());
  INFO(rehearsal.tests->doubt);
  CHECK(rehearsal.tests->trusted);
  CHECK(rehearsal.tests->cases.size() == 4);
  const std::string& told = rehearsal.rung("tests")->output;
  CHECK(told.starts_with("other outcomes in another order: vault.tests.OrderTest.test_"));
  CHECK(told.find("_relies") != std::string::npos);
  CHECK(told.find("_alone") == std::string::npos);
}
