// What was read and what the running application did, taken together by one check.
#include "checks/proof.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "checks/profile.hpp"
#include "tests/checks/fixture.hpp"

using namespace grader;
using namespace grader::checks;
using grading::Outcome;
using sandbox::Got;

namespace {

/// The whole project in which reading finds nothing wrong, with what a probe saw of it.
struct Case {
  Fixture fixture = read_fixture("fixtures/probe/vault");
  project::Project project = project::model(fixture.files);
  sandbox::Rehearsal rehearsal;

  Case() { rehearsal.probe.emplace(); }
  Facts facts() const { return {project, fixture.history, nullptr, &rehearsal}; }
  sandbox::Probe& probe() { return *rehearsal.probe; }
  std::vector<grading::Finding> findings(std::string_view id) const {
    return find_check(id)->check->run(facts());
  }
  bool violated(std::string_view id) const {
    return std::ranges::count(findings(id), Outcome::violated, &grading::Finding::outcome) > 0;
  }
};

sandbox::RouteTrial detail_by_other() {
  sandbox::RouteTrial trial;
  trial.route = "entries/<pk>/";
  trial.view = "entries.views.entry_detail";
  trial.at = {.path = "entries/views.py", .line = 34};
  trial.method = "GET";
  trial.purpose = "read";
  trial.owner = trial.other = Got::secret;
  trial.nobody = Got::nothing;
  trial.exchanges = {{"owner", "GET", "/entries/1/", "", 200, "«secret-1»", ""},
                     {"other", "GET", "/entries/1/", "", 200, "«secret-1»", ""},
                     {"nobody", "GET", "/entries/1/", "", 302, "to /login/?next=", ""}};
  trial.other_confirmed = true;
  return trial;
}

}  // namespace

TEST_CASE("a breach that was seen twice wins over what was read, and the difference is told") {
  Case one;
  CHECK_FALSE(one.violated("access.other_user_disclosure"));
  CHECK(disagreements(one.facts()).empty());
  one.probe().trials = {detail_by_other()};
  CHECK(one.violated("access.other_user_disclosure"));
  CHECK(one.violated("ownership.lookup_without_owner"));
  CHECK_FALSE(one.violated("access.anonymous_disclosure"));
  CHECK(disagreements(one.facts()).size() == 1);
  bool exchanged = false;
  for (const auto& finding : one.findings("ownership.lookup_without_owner"))
    for (const auto& evidence : finding.evidence)
      exchanged = exchanged || evidence.kind == grading::Evidence::Kind::exchange;
  CHECK(exchanged);
  const auto rows = profile_of(one.facts()).views;
  const auto row = std::ranges::find(rows, "entry_detail", &grading::ViewRow::name);
  REQUIRE(row != rows.end());
  CHECK(row->owner == "missing");
  CHECK(row->login == "required");
}

TEST_CASE("what was seen once, or without the owner's own success, accuses nobody") {
  Case one;
  one.probe().trials = {detail_by_other()};
  one.probe().trials[0].other_confirmed = false;
  CHECK_FALSE(one.violated("access.other_user_disclosure"));
  one.probe().trials[0].other_confirmed = true;
  one.probe().trials[0].owner = Got::page;
  CHECK_FALSE(one.violated("access.other_user_disclosure"));
}

TEST_CASE("a trial of another view, method or purpose says nothing of this one") {
  Case one;
  one.probe().trials = {detail_by_other()};
  one.probe().trials[0].view = "entries.views.somewhere_else";
  CHECK_FALSE(one.violated("access.other_user_disclosure"));
  one.probe().trials = {detail_by_other()};
  one.probe().trials[0].purpose = "delete";
  CHECK_FALSE(one.violated("access.other_user_disclosure"));
}

TEST_CASE("the database shows how the secret is kept, once it was seen twice") {
  Case one;
  one.probe().at_rest = {
      "plaintext", "it stands there", "t.c", {{"table", "t.c", "as typed"}}, false};
  CHECK_FALSE(one.violated("encryption.secret_stored_plain"));
  one.probe().at_rest.confirmed = true;
  CHECK(one.violated("encryption.secret_stored_plain"));
  CHECK(profile_of(one.facts()).encryption.kind == "plaintext");
}

TEST_CASE("what was used is there, whatever was read") {
  Case one;
  one.project.features = {};
  CHECK(one.violated("views.sign_in_missing"));
  CHECK(one.violated("views.registration_missing"));
  one.probe().accounts.registered = "database";
  one.probe().accounts.signed_in = "token";
  CHECK_FALSE(one.violated("views.sign_in_missing"));
  CHECK(one.violated("views.registration_missing"));
}

TEST_CASE("markup and SQL that were proven are findings where reading has none") {
  Case one;
  one.probe().remarks = {{"markup_stored", "It comes back.", "", {}, true, {}},
                         {"sql_widened", "It widens.", "", {}, false, {}}};
  CHECK(one.violated("injection.markup_marked_safe"));
  CHECK_FALSE(one.violated("injection.string_built_sql"));
}
