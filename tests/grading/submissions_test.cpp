// Five submissions under the rubric of the assignment, each worked out by hand beside its test.
#include "tests/grading/submissions.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "grader/grading/grade.hpp"

using grader::grading::Basis;
using grader::grading::Cause;
using grader::grading::Decimal;
using grader::grading::Grade;
using grader::grading::Outcome;

namespace {

constexpr Basis full{.full = true, .lines = 400};
constexpr Basis static_only{.full = false, .lines = 400};

/// Very good but not without faults.
Findings strong() {
  Findings findings;
  findings.violated({"settings.allowed_hosts_wildcard", "docs.limitations_missing"})
      .at("views.n_plus_one", Outcome::violated, 12)
      .at("style.pep8", Outcome::violated, 3, 6)
      .at("style.pep8", Outcome::violated, 40, 2)
      .set("bonus.strength_indicator", Outcome::met);
  return findings;
}

Findings plaintext() {
  Findings findings = strong();
  findings
      .violated({"encryption.secret_stored_plain", "tests.encryption_untested",
                 "docs.encryption_approach_missing"})
      .set("encryption.encoding_as_encryption", Outcome::not_applicable)
      .set("encryption.one_way_hash", Outcome::not_applicable)
      .set("encryption.weak_cipher", Outcome::not_applicable)
      .set("encryption.key_hardcoded", Outcome::not_applicable);
  return findings;
}

Findings no_tests() {
  Findings findings = strong();
  findings.violated(
      {"tests.none", "tests.few", "tests.ownership_untested", "tests.encryption_untested"});
  findings.set("tests.failing", Outcome::not_applicable);
  return findings;
}

/// Whatever looks for a bad thing finds none; whatever looks for a required thing misses it.
Findings readme_only() {
  Findings findings;
  return findings.violated({"models.no_entry_model", "views.registration_missing",
                            "views.sign_in_missing", "views.create_missing", "views.read_missing",
                            "views.update_missing", "views.delete_missing", "views.search_missing",
                            "tests.none", "start.does_not_start"});
}

/// The strong one, broken so that it does not start.
Findings not_starting() {
  Findings findings = strong();
  return findings.violated({"start.does_not_start"})
      .hidden({"tests.failing", "access.other_user_disclosure", "access.anonymous_disclosure",
               "views.update_missing", "views.search_missing"});
}

const grader::grading::Mark& mark_of(const Grade& grade, const std::string& id) {
  for (const auto& section : grade.sections) {
    for (const auto& mark : section.marks) {
      if (mark.criterion == id) return mark;
    }
  }
  FAIL("no criterion ", id);
  throw 0;
}

std::vector<std::string> tripped(const Grade& grade) {
  std::vector<std::string> ids;
  for (const auto& gate : grade.gates) {
    if (gate.tripped) ids.push_back(gate.id);
  }
  return ids;
}

}  // namespace

TEST_CASE("a strong submission") {
  // Style: 8 places in 400 lines, each 0.25 · 100/400 = 0.0625, together 0.5 of 4.
  // Queries: one finding 1.5 of 3. Hosts 0.25 of 0.25. Limitations 2 of 2. All else is earned:
  // 100 - 0.5 - 1.5 - 0.25 - 2 = 95.75. Bonus: strength indicator 2. 97.75, nothing open, no gate.
  const auto grade = grader::grading::grade(strong().all(), assignment(), full);
  CHECK(mark_of(grade, "quality.style").points == Decimal(7, 2));
  CHECK(mark_of(grade, "django.queries").points == Decimal(3, 2));
  CHECK(mark_of(grade, "documentation.limitations").points == 0);
  CHECK(grade.percent == Decimal(391, 4));
  CHECK(grade.low == grade.percent);
  CHECK(grade.high == grade.percent);
  CHECK(grade.band == "above");
  CHECK(grade.band_title == "Above Middle");
  CHECK_FALSE(grade.needs_person);
  CHECK(tripped(grade).empty());
  CHECK(grade.basis == "full");
  REQUIRE(grade.bonus.size() == 1);
  CHECK(grade.bonus[0].id == "strength");
  CHECK(grade.bonus[0].points == 2);
  CHECK(grade.rubric_id == "password_manager");
  CHECK(grade.rubric_digest.size() == 64);
}

TEST_CASE("the same without a rehearsal") {
  // Start (2) and passing tests (3) are not asked: 95 points, of which 95.75 - 5 = 90.75 are
  // earned. 100 · 90.75/95 = 1815/19, and 2 bonus.
  const auto grade = grader::grading::grade(strong().all(), assignment(), static_only);
  CHECK(mark_of(grade, "django.start").left_out == 2);
  CHECK(mark_of(grade, "testing.passing").left_out == 3);
  CHECK(grade.percent == Decimal(1815, 19) + 2);
  CHECK(grade.low == grade.percent);
  CHECK(grade.high == grade.percent);
  CHECK(to_string(grade.percent) == "97.53");
  CHECK(grade.basis == "static");
  // What a rehearsal would have said has no influence.
  const auto other = grader::grading::grade(
      strong().violated({"start.does_not_start"}).unknown({"tests.failing"}).all(), assignment(),
      static_only);
  CHECK(other.percent == grade.percent);
  CHECK(other.low == grade.low);
  CHECK_FALSE(other.needs_person);
}

TEST_CASE("entries stored as typed") {
  // From the strong one: encryption 9, cipher 2 and key 3 that depend on it, its test 2, its
  // description 2: 95.75 - 18 = 77.75, and 2 bonus: 79.75. The gate leaves 45.
  const auto grade = grader::grading::grade(plaintext().all(), assignment(), full);
  CHECK(mark_of(grade, "security.key").points == 0);
  CHECK(mark_of(grade, "security.key").left_out == 0);
  CHECK(grade.percent == 45);
  CHECK(grade.low == 45);
  CHECK(grade.high == 45);
  CHECK(grade.band == "below");
  CHECK(tripped(grade) == std::vector<std::string>{"stored_readable"});
  CHECK(grade.gates.front().id == "stored_readable");
  CHECK(grade.gates.front().effect == "at most 45 %");
  REQUIRE(grade.gates.front().evidence.size() == 1);
  CHECK(grade.gates.front().evidence[0].check == "encryption.secret_stored_plain");
}

TEST_CASE("no tests") {
  // From the strong one: testing 15: 80.75, and 2 bonus: 82.75. The gate leaves 64.
  const auto grade = grader::grading::grade(no_tests().all(), assignment(), full);
  CHECK(mark_of(grade, "testing.ownership").points == 0);
  CHECK(grade.percent == 64);
  CHECK(grade.high == 64);
  CHECK(grade.band == "junior");
  CHECK(tripped(grade) == std::vector<std::string>{"no_tests"});
}

TEST_CASE("a README and nothing else") {
  // 1.5 points for the README; every other criterion is missing or depends on what is missing,
  // so that also without a rehearsal nothing is left out.
  for (const auto& basis : {full, static_only}) {
    const auto grade = grader::grading::grade(readme_only().all(), assignment(), basis);
    CHECK(grade.percent == Decimal(3, 2));
    CHECK(grade.high == grade.percent);
    CHECK(grade.band == "below");
    CHECK(grade.needs_person);
    const auto gates = tripped(grade);
    CHECK(std::ranges::find(gates, "no_round_trip") != gates.end());
  }
}

TEST_CASE("a submission that does not start never gets more than its starting twin") {
  // From the strong one: start 2, passing tests 3, change 2 and search 2 earn nothing:
  // 95.75 - 9 = 86.75, and 2 bonus: 88.75. Whether entries are disclosed cannot be seen because of
  // the submission: at most 50 until a person decides. At best the open 3 + 2 + 2 are
  // earned: 95.75.
  const auto twin = grader::grading::grade(not_starting().all(), assignment(), full);
  CHECK(mark_of(twin, "functions.search").open_submission == 2);
  CHECK(mark_of(twin, "django.start").points == 0);
  CHECK(twin.percent == 50);
  CHECK(twin.low == 50);
  CHECK(twin.high == Decimal(383, 4));
  CHECK(twin.band.empty());
  CHECK(twin.band_title == "needs a person");
  CHECK(twin.needs_person);
  CHECK(tripped(twin) == std::vector<std::string>{"does_not_start"});
  CHECK(twin.gates[1].undecided);
  CHECK(twin.gates[1].cause == Cause::submission);
  CHECK_FALSE(twin.gates[1].tripped);

  for (auto make : {strong, plaintext, no_tests, readme_only}) {
    const auto starting = grader::grading::grade(make().all(), assignment(), full);
    const auto broken = grader::grading::grade(
        make()
            .violated({"start.does_not_start"})
            .hidden({"tests.failing", "access.other_user_disclosure", "views.create_missing"})
            .all(),
        assignment(), full);
    CHECK(broken.percent <= starting.percent);
    CHECK(broken.low <= starting.low);
    CHECK(broken.needs_person);
  }
}

TEST_CASE("a fault of the grader's leaves the denominator") {
  // From the strong one: the style tools and the ownership tests could not be judged: 3.5 of 4 and
  // 4 of 4 points are no longer known. 95.75 - 7.5 = 88.25 of 92 decided points: 8825/92 percent.
  // low: 88.25 of 100; high: 96.25 of 100. With 2 bonus.
  const auto grade = grader::grading::grade(
      strong().unknown({"style.pep8", "tests.ownership_untested"}).all(), assignment(), full);
  CHECK(mark_of(grade, "quality.style").open_grader == 4);
  CHECK(grade.percent == Decimal(8825, 92) + 2);
  CHECK(grade.low == Decimal(361, 4));
  CHECK(grade.high == Decimal(393, 4));
  CHECK(grade.band == "above");
  CHECK_FALSE(grade.needs_person);
}

TEST_CASE("a gate that the grader cannot decide limits low alone") {
  const auto grade = grader::grading::grade(strong().unknown({"access.anonymous_disclosure"}).all(),
                                            assignment(), full);
  CHECK(grade.percent == Decimal(391, 4));
  CHECK(grade.low == 50);
  CHECK(grade.high == Decimal(391, 4));
  CHECK(grade.needs_person);
  CHECK(grade.band_title == "needs a person");
}
