#include "sandbox/rehearsal/wanted.hpp"

#include <doctest/doctest.h>

#include "sandbox/environment/resolution.hpp"

using namespace grader::sandbox;
using Lines = std::vector<std::string>;

namespace {

Plan plan(std::vector<PlannedRequirement> requirements) {
  Plan plan;
  plan.requirements = std::move(requirements);
  return plan;
}

}  // namespace

TEST_CASE("a pin is relaxed to its minor series, then upwards, then to anything") {
  const auto all = wanted(plan({{"django", "==4.2.16", {"requirements.txt", 1}}}));
  REQUIRE(all.size() == 1);
  CHECK(all[0].line == "django==4.2.16");
  CHECK(all[0].alternatives == Lines{"django==4.2.*", "django>=4.2", "django"});
  CHECK(all[0].at.line == 1);
  CHECK(wanted(plan({{"django", "==5.0", {}}}))[0].alternatives == Lines{"django>=5.0", "django"});
  CHECK(wanted(plan({{"django", ">=3", {}}}))[0].alternatives == Lines{"django"});
  CHECK(wanted(plan({{"django", "", {}}}))[0].alternatives.empty());
}

TEST_CASE("what has no wheel has a twin, or may be left out") {
  const auto all = wanted(plan({{"psycopg2", "==2.9.9", {}}, {"mysqlclient", "==2.2", {}}}));
  REQUIRE(all.size() == 3);
  CHECK(all[0].alternatives[0] == "psycopg2-binary==2.9.9");
  CHECK(all[0].alternatives[1] == "psycopg2-binary");
  CHECK(all[1].alternatives[0].empty());
  CHECK(all[2].line == "django");
}

TEST_CASE("without a requirements file the imports say what is needed, unknown names do not") {
  Plan bare;
  bare.missing = {"rest_framework", "their_own", "unheard_of_package", "decouple"};
  bare.local = {"their_own"};
  bare.django_series = "4.1";
  const auto all = wanted(bare);
  REQUIRE(all.size() == 3);
  CHECK(all[0].line == "djangorestframework");
  CHECK(all[0].reason == "import rest_framework");
  CHECK(all[1].line == "python-decouple");
  CHECK(all[2].line == "django==4.1.*");
  CHECK(all[2].alternatives == Lines{"django>=4.1", "django"});
}

TEST_CASE("a package of the submission's own hides a distribution of the same name") {
  Plan own;
  own.local = {"environ"};
  CHECK_FALSE(wanted_for_import("environ", own).has_value());
  CHECK(wanted_for_import("environ", Plan{})->line == "django-environ");
  CHECK(wanted_for_import("allauth.account", Plan{})->line == "django-allauth");
}

TEST_CASE("nothing that could be an option, a path or an address reaches an installer") {
  CHECK(is_plain_requirement("django", ">=3,<5"));
  CHECK(is_plain_requirement("a.b-c_d", ""));
  for (const char* name : {"-r", "--index-url", "../x", "a b", "a@b", "a/b", "", "a\n-r b"}) {
    CHECK_FALSE(is_plain_requirement(name, ""));
  }
  for (const char* specifier : {" @ file:///etc/passwd", "; x", "\n--index-url=x", "==1#x"}) {
    CHECK_FALSE(is_plain_requirement("django", specifier));
  }
  const auto all = wanted(plan({{"django", "\n-r /etc/passwd", {}}, {"-e", "", {}}}));
  REQUIRE(all.size() == 1);
  CHECK(all[0].line == "django");
}
