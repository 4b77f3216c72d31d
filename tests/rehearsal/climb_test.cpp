#include <doctest/doctest.h>

#include "sandbox/rehearsal/climb_records.hpp"
#include "sandbox/rehearsal/rehearse.hpp"
#include "sandbox/rehearsal/repairs.hpp"

using namespace grader::sandbox;

namespace {

Plan plan_with(std::vector<PlannedVariable> variables) {
  Plan plan;
  plan.settings_at = {.path = "keeper/settings.py", .line = 1};
  plan.variables = std::move(variables);
  plan.setting_places["DATABASES"] = {.path = "keeper/settings.py", .line = 30};
  return plan;
}

PlannedVariable variable(std::string name, bool has_default = false) {
  PlannedVariable result;
  result.name = std::move(name);
  result.has_default = has_default;
  result.at = {.path = "keeper/settings.py", .line = 7};
  return result;
}

Failure failure(std::string text, std::string missing = "") {
  Failure result;
  result.rung = "settings";
  result.chain = {std::move(text)};
  result.missing = std::move(missing);
  result.places = {"keeper/settings.py:7"};
  return result;
}

RungStatus status(const Climb& climb, std::string_view name) {
  for (const Rung& rung : climb.rungs) {
    if (rung.name == name) return rung.status;
  }
  FAIL("no such rung");
  return RungStatus::undetermined;
}

/// What the first unit that has an answer does; empty where none has.
std::vector<Repair> repaired(const Failure& failed, const Plan& plan, Arrangement& arrangement) {
  for (const RepairUnit& unit : repair_units()) {
    if (unit.apply(failed, plan, arrangement)) break;
  }
  return arrangement.repairs;
}

}  // namespace

TEST_CASE("a climb keeps what was passed and what stopped it") {
  const Records records = read_records(
      "@grader {\"kind\": \"facts\", \"python\": \"3.11.2\", \"django\": \"4.2.16\"}\n"
      "@grader {\"kind\": \"begin\", \"rung\": \"settings\"}\n"
      "@grader {\"kind\": \"repair\", \"name\": \"database\", \"setting\": \"DATABASES\", "
      "\"what\": \"default\"}\n"
      "@grader {\"kind\": \"rung\", \"rung\": \"settings\", \"passed\": true, \"ms\": 5}\n"
      "@grader {\"kind\": \"begin\", \"rung\": \"check\"}\n"
      "@grader {\"kind\": \"rung\", \"rung\": \"check\", \"passed\": false, \"chain\": [\"a\\nE: "
      "bad\"], \"places\": [\"x.py:3\"]}\n@grader {\"kind\": \"end\"}\n");
  const Climb climb = climb_of(records, BoxResult{}, plan_with({}));
  CHECK(status(climb, "settings") == RungStatus::passed);
  CHECK(status(climb, "check") == RungStatus::failed);
  CHECK(status(climb, "serve") == RungStatus::undetermined);
  CHECK(climb.rungs[1].reason == "Django's own check does not pass: E: bad (x.py:3)");
  REQUIRE(climb.failure.has_value());
  CHECK(climb.failure->rung == "check");
  REQUIRE(climb.repairs.size() == 1);
  CHECK(climb.repairs[0].name == "repair.database");
  CHECK(climb.repairs[0].at.line == 30);
  CHECK(climb.python == "3.11.2");
}

TEST_CASE("what never began is our fault, and no rung of the submission's failed") {
  BoxResult died;
  died.status = BoxResult::Status::disk;
  died.detail = "failed with its scratch full";
  const Climb climb = climb_of(read_records(""), died, plan_with({}));
  CHECK(status(climb, "settings") == RungStatus::undetermined);
  CHECK(climb.rungs[0].cause == RungCause::grader);
  const Records begun = read_records("@grader {\"kind\": \"begin\", \"rung\": \"settings\"}\n");
  CHECK(status(climb_of(begun, died, plan_with({})), "settings") == RungStatus::failed);
}

TEST_CASE("answers of pages are kept, and do not stop the climb") {
  const Records records = read_records(
      "@grader {\"kind\": \"route\", \"path\": \"/a/\", \"status\": 500, \"signed_in\": true, "
      "\"error\": \"KeyError: 'x'\", \"places\": [\"vault/views.py:7\"]}\n"
      "@grader {\"kind\": \"route\", \"path\": \"/b/\", \"status\": -4}\n"
      "@grader {\"kind\": \"rung\", \"rung\": \"routes\", \"passed\": false, \"ms\": 3, "
      "\"chain\": [\"1 of 2 pages answer with a server error\"]}\n"
      "@grader {\"kind\": \"end\"}\n");
  const Climb climb = climb_of(records, BoxResult{}, plan_with({}));
  CHECK(status(climb, "routes") == RungStatus::failed);
  CHECK_FALSE(climb.failure.has_value());
  REQUIRE(climb.routes.size() == 2);
  CHECK(climb.routes[0].path == "/a/");
  CHECK(climb.routes[0].signed_in);
  CHECK(climb.routes[0].at.line == 7);
  CHECK(climb.routes[1].status == 0);
}

TEST_CASE("what a place outside would have to answer is nobody's fault") {
  const std::string page =
      "@grader {\"kind\": \"route\", \"path\": \"/icons/\", \"status\": 500, \"offline\": true}\n";
  const auto routes = [&](bool passed) {
    const Records records =
        read_records(page + "@grader {\"kind\": \"rung\", \"rung\": \"routes\", \"passed\": " +
                     (passed ? "true" : "false") + "}\n@grader {\"kind\": \"end\"}\n");
    return climb_of(records, BoxResult{}, plan_with({})).rungs.back();
  };
  CHECK(routes(true).status == RungStatus::undetermined);
  CHECK(routes(true).cause == RungCause::grader);
  CHECK(routes(false).status == RungStatus::failed);
  const Records settings = read_records(
      "@grader {\"kind\": \"rung\", \"rung\": \"settings\", \"passed\": false, \"offline\": true, "
      "\"chain\": [\"E: refused\"]}\n");
  const Climb climb = climb_of(settings, BoxResult{}, plan_with({}));
  CHECK(status(climb, "settings") == RungStatus::undetermined);
  CHECK(climb.rungs[0].cause == RungCause::grader);
  CHECK(climb.failure.has_value());
}

TEST_CASE("migrations that do not match are a fault but no obstacle") {
  const Records records = read_records(
      "@grader {\"kind\": \"made\", \"labels\": [\"vault\"]}\n"
      "@grader {\"kind\": \"rung\", \"rung\": \"migrations\", \"passed\": false}\n"
      "@grader {\"kind\": \"rung\", \"rung\": \"migrate\", \"passed\": true}\n"
      "@grader {\"kind\": \"end\"}\n");
  const Climb climb = climb_of(records, BoxResult{}, plan_with({}));
  CHECK_FALSE(climb.failure.has_value());
  CHECK(climb.labels == std::vector<std::string>{"vault"});
  CHECK(status(climb, "migrations") == RungStatus::failed);
}

TEST_CASE("a rung that began and did not end is the one that failed") {
  BoxResult wall;
  wall.status = BoxResult::Status::wall;
  wall.detail = "it ran longer than 120 s";
  const std::string begun =
      "@grader {\"kind\": \"begin\", \"rung\": \"settings\"}\n"
      "@grader {\"kind\": \"rung\", \"rung\": \"settings\", \"passed\": true}\n"
      "@grader {\"kind\": \"begin\", \"rung\": \"check\"}\n";
  Climb climb = climb_of(read_records(begun), wall, plan_with({}));
  CHECK(climb.failure->rung == "check");
  CHECK(climb.rungs[1].reason.find("120 s") != std::string::npos);

  const std::string stuck = begun +
                            "@grader {\"kind\": \"stuck\", \"rung\": \"check\", \"places\": "
                            "[\"keeper/urls.py:4\"]}\n";
  climb = climb_of(read_records(stuck), BoxResult{}, plan_with({}));
  CHECK(climb.rungs[1].reason.find("keeper/urls.py:4") != std::string::npos);

  climb = climb_of({}, wall, plan_with({}));
  CHECK(climb.failure->rung == "settings");
}

TEST_CASE("the first error of Django's check is the reason") {
  const Climb climb = climb_of(
      read_records("@grader {\"kind\": \"rung\", \"rung\": \"check\", \"passed\": false, "
                   "\"chain\": [\"SystemCheckError: identified 2 issues:\\n\\nERRORS:\\n?: "
                   "(4_0.E001) bad origin\\n\\tHINT: x\\n\\nWARNINGS:\\nlast\"]}\n"),
      BoxResult{}, plan_with({}));
  CHECK(climb.rungs[1].reason == "Django's own check does not pass: ?: (4_0.E001) bad origin");
}

TEST_CASE("a second word about a rung is not listened to") {
  const Climb climb =
      climb_of(read_records("@grader {\"kind\": \"rung\", \"rung\": \"check\", \"passed\": false}\n"
                            "@grader {\"kind\": \"rung\", \"rung\": \"check\", \"passed\": true}\n"
                            "@grader {\"kind\": \"rung\", \"rung\": \"other\", \"passed\": true}\n"
                            "@grader {\"kind\": \"end\"}\n"),
               BoxResult{}, plan_with({}));
  CHECK(status(climb, "check") == RungStatus::failed);
  CHECK(climb.rungs.size() == 6);
}

TEST_CASE("one missing variable brings all that have no default") {
  const Plan plan = plan_with(
      {variable("A_KEY"), variable("DEBUG", true), variable("DB_HOST"), variable("PATH")});
  for (const char* text :
       {"KeyError: 'A_KEY'", "decouple.UndefinedValueError: A_KEY not found. Declare it as envvar",
        "django.core.exceptions.ImproperlyConfigured: Set the A_KEY environment variable"}) {
    Arrangement arrangement;
    CHECK(repaired(failure(text), plan, arrangement).size() == 2);
    CHECK(arrangement.environment.size() == 2);
    CHECK(arrangement.environment["DB_HOST"] == "localhost");
    CHECK(arrangement.repairs[0].at.line == 7);
    // Nothing is left to try the second time.
    CHECK(repaired(failure(text), plan, arrangement).size() == 2);
  }
  Arrangement arrangement;
  for (const char* text : {"KeyError: 'lower_case'", "ValueError: something else"}) {
    Failure elsewhere = failure(text);
    elsewhere.places = {"keeper/settings.py:30"};
    CHECK(repaired(elsewhere, plan, arrangement).empty());
  }
  CHECK(repaired(failure("KeyError: 'HIDDEN_IN_HELPER'"), plan, arrangement).size() == 3);
}

TEST_CASE("a line that reads a variable without a default explains its own failure") {
  PlannedVariable read;
  read.name = "DATABASE_URL";
  read.at = {.path = "site/settings.py", .line = 9};
  const Plan plan = plan_with({read});
  Failure failure;
  failure.rung = "settings";
  failure.chain = {"ValueError: No support for 'b'''"};
  Arrangement elsewhere;
  failure.places = {"site/settings.py:8"};
  CHECK_FALSE(repair_units()[0].apply(failure, plan, elsewhere));
  failure.places = {"site/settings.py:9"};
  Arrangement arrangement;
  CHECK(repair_units()[0].apply(failure, plan, arrangement));
  CHECK(arrangement.environment.contains("DATABASE_URL"));
  CHECK_FALSE(repair_units()[0].apply(failure, plan, arrangement));
}

TEST_CASE("only packages that the table knows are added, and none of the submission's own") {
  Plan plan = plan_with({});
  plan.local = {"keeper", "decouple"};
  Arrangement arrangement;
  CHECK(repaired(failure("ModuleNotFoundError: No module named 'corsheaders'", "corsheaders"), plan,
                 arrangement)
            .size() == 1);
  CHECK(arrangement.wanted[0].line == "django-cors-headers");
  for (const char* module : {"keeper.local_settings", "decouple", "crispy-forms", "zzz"}) {
    Arrangement none;
    const std::string text = std::string("ModuleNotFoundError: No module named '") + module + "'";
    CHECK(repaired(failure(text, module), plan, none).empty());
  }
  Arrangement driver;
  repaired(failure("ImproperlyConfigured: Error loading psycopg2 or psycopg module"), plan_with({}),
           driver);
  REQUIRE(driver.wanted.size() == 1);
  CHECK(driver.wanted[0].line == "psycopg2-binary");
}

TEST_CASE("every repair that can be listed can be explained") {
  for (const RepairUnit& unit : repair_units()) CHECK_FALSE(explain_repair(unit.name).empty());
  CHECK_FALSE(explain_repair("repair.database").empty());
  CHECK(explain_repair("repair.unheard_of").empty());
}

TEST_CASE("secrets that are read late are supplied, other variables are not") {
  const Plan plan =
      plan_with({variable("FERNET_KEY"), variable("SENTRY_DSN"), variable("SECRET_KEY", true)});
  Arrangement arrangement;
  supply_late_secrets(plan, arrangement);
  CHECK(arrangement.environment.size() == 1);
  CHECK(arrangement.environment.contains("FERNET_KEY"));
}

TEST_CASE("a day is counted in UTC, over the end of a year too") {
  CHECK(day_after(1'704'067'199, 2) == "2024-01-02");
  CHECK(day_after(0, 0) == "1970-01-01");
  CHECK(day_after(-1, 0) == "1969-12-31");
}

TEST_CASE("variables that nothing needs are named, and can be taken back one by one") {
  const Records records = read_records(
      "@grader {\"kind\": \"needless\", \"names\": [\"DB_HOST\"]}\n"
      "@grader {\"kind\": \"end\"}\n");
  CHECK(climb_of(records, BoxResult{}, plan_with({})).needless ==
        std::vector<std::string>{"DB_HOST"});
  Arrangement arrangement;
  const Plan plan = plan_with({variable("DB_HOST"), variable("DB_HOST_NAME")});
  CHECK(repaired(failure("KeyError: 'DB_HOST'"), plan, arrangement).size() == 2);
  withdraw_variable("DB_HOST", arrangement);
  withdraw_variable("DB_PORT", arrangement);
  CHECK(arrangement.environment.size() == 1);
  REQUIRE(arrangement.repairs.size() == 1);
  CHECK(arrangement.repairs[0].detail.starts_with("DB_HOST_NAME is "));
}

TEST_CASE("an old wheel is replaced by the source, once, and never against a pin") {
  Plan plan = plan_with({});
  plan.local = {"vault"};
  Arrangement arrangement;
  arrangement.wanted = {{"django-rest-swagger", {}, {.path = "requirements.txt", .line = 4}, ""},
                        {"requests==1.0", {}, {}, ""}};
  const Failure old =
      failure("ImportError: cannot import name 'x'", "rest_framework_swagger.views");
  const std::vector<Repair> repairs = repaired(old, plan, arrangement);
  REQUIRE(repairs.size() == 1);
  CHECK(repairs[0].name == "repair.newer_source");
  CHECK(repairs[0].at.line == 4);
  CHECK(arrangement.from_source == std::vector<std::string>{"django-rest-swagger"});
  CHECK(repaired(old, plan, arrangement).size() == 1);
  repaired(failure("ImportError: cannot import name 'y'", "requests"), plan, arrangement);
  repaired(failure("ImportError: cannot import name 'z'", "vault.forms"), plan, arrangement);
  repaired(failure("ImportError: cannot import name 'z'", ""), plan, arrangement);
  CHECK(arrangement.from_source.size() == 1);
}

TEST_CASE("one package that no line provides brings the others that are imported") {
  Plan plan = plan_with({});
  plan.missing = {"crispy_forms", "rest_framework", "nobody_vouches_for_this"};
  Arrangement arrangement;
  const std::string text = "ModuleNotFoundError: No module named 'crispy_forms'";
  CHECK(repaired(failure(text, "crispy_forms"), plan, arrangement).size() == 2);
  CHECK(arrangement.wanted.size() == 2);
}
