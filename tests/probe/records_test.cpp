// What the prober printed, which may be anything.
#include <doctest/doctest.h>

#include "sandbox/probe/probe.hpp"
#include "sandbox/probe/prober/report.hpp"

using namespace grader::sandbox;

TEST_CASE("what is printed comes back as it was") {
  Probe probe;
  probe.accounts.registered = "form";
  probe.at_rest = {"plaintext", "why", "t.c", {{"table", "t.c", "as typed"}}, true};
  RouteTrial trial;
  trial.route = "a/<pk>/";
  trial.at = {.path = "a/views.py", .line = 7};
  trial.method = "POST";
  trial.purpose = "delete";
  trial.owner = trial.other = Got::deleted;
  trial.nobody = Got::nothing;
  trial.other_confirmed = true;
  trial.exchanges = {{"owner", "POST", "/a/1/", "", 302, "", "the row of t was deleted"}};
  probe.trials = {trial};
  const Probe back = probe_of(prober::printed(probe));
  CHECK(back.problem.empty());
  CHECK(back.accounts.registered == "form");
  CHECK(back.at_rest.trail.at(0).how == "as typed");
  REQUIRE(back.trials.size() == 1);
  CHECK(back.trials[0].other == Got::deleted);
  CHECK(back.trials[0].at.line == 7);
  CHECK(back.trials[0].exchanges.at(0).effect == "the row of t was deleted");
}

TEST_CASE("anything else is a problem of ours, never a verdict") {
  for (const char* text : {"", "[]", "{", "null", "\xff\xfe"}) {
    CHECK(probe_of(text).by_us);
    CHECK_FALSE(probe_of(text).problem.empty());
  }
  const Probe odd = probe_of(
      R"({"trials":[1,{"owner":"everything","line":-3,"exchanges":7}],"at_rest":[],"notes":{}})");
  REQUIRE(odd.trials.size() == 1);
  CHECK(odd.trials[0].owner == Got::untried);
  CHECK(odd.trials[0].at.line == 0);
}
