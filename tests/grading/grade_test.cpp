#include "grader/grading/grade.hpp"

#include <doctest/doctest.h>

#include <random>

#include "tests/grading/submissions.hpp"

using grader::grading::Basis;
using grader::grading::Cause;
using grader::grading::Criterion;
using grader::grading::Decimal;
using grader::grading::Finding;
using grader::grading::Grade;
using grader::grading::Outcome;
using grader::grading::Rubric;

namespace {

/// One section of one criterion with 10 points, and the assignment's bands.
Rubric small_rubric(Criterion criterion) {
  Rubric rubric;
  rubric.bands = assignment().bands;
  criterion.points = 10;
  rubric.sections.push_back({"section", "Section", 10, {std::move(criterion)}});
  return rubric;
}

Criterion deducting(const Decimal& each, std::int64_t per_lines = 0) {
  Criterion criterion;
  criterion.checks = {"style.pep8"};
  criterion.deduct = {each, per_lines};
  return criterion;
}

Grade graded(const Findings& findings, const Rubric& rubric, std::int64_t lines = 0) {
  return grade(findings.all(), rubric, {.full = true, .lines = lines});
}

std::string band_at(const Decimal& percent) {
  Rubric rubric = small_rubric({"a.b", "B", 10, {"tests.none"}, {}, {}});
  rubric.gates.push_back({"gate", "Gate", {"tests.none"}, percent, false});
  rubric.bonus_at_most = 100;
  rubric.bonus.push_back({"all", "All", 100, "bonus.docker"});
  Findings findings;
  findings.violated({"tests.none"}).set("bonus.docker", Outcome::met);
  return graded(findings, rubric).band;
}

}  // namespace

TEST_CASE("bands are half-open") {
  CHECK(band_at(0) == "below");
  CHECK(band_at(Decimal(49'999'999, 1'000'000)) == "below");
  CHECK(band_at(50) == "junior");
  CHECK(band_at(Decimal(64'999'999, 1'000'000)) == "junior");
  CHECK(band_at(65) == "between");
  CHECK(band_at(70) == "middle");
  CHECK(band_at(Decimal(84'999'999, 1'000'000)) == "middle");
  CHECK(band_at(85) == "above");
  CHECK(band_at(100) == "above");
}

TEST_CASE("every violated finding costs its part, up to all points") {
  const auto rubric = small_rubric(deducting(3));
  Findings findings;
  CHECK(graded(findings, rubric).percent == 100);
  findings.at("style.pep8", Outcome::violated, 1);
  CHECK(graded(findings, rubric).percent == 70);
  findings.at("style.pep8", Outcome::violated, 2, 2);
  CHECK(graded(findings, rubric).percent == 10);
  findings.at("style.pep8", Outcome::violated, 3);
  CHECK(graded(findings, rubric).percent == 0);
}

TEST_CASE("a deduction per lines of code is the same for the same density") {
  const auto rubric = small_rubric(deducting(Decimal(1, 2), 100));
  Findings findings;
  findings.at("style.pep8", Outcome::violated, 1, 7);
  CHECK(graded(findings, rubric, 700).percent == 95);
  CHECK(graded(findings, rubric, 70).percent == 50);
  CHECK(graded(findings, rubric, 300).percent == Decimal(100) - Decimal(35, 3));
  // Without the number of lines nobody can say what the findings cost: our fault.
  const auto unknown = graded(findings, rubric, 0);
  CHECK(unknown.low == 0);
  CHECK(unknown.high == 100);
  CHECK(unknown.needs_person);
  CHECK(graded(Findings(), rubric, 0).percent == 100);
}

TEST_CASE("an undetermined place opens its part, an undetermined check all of it") {
  const auto rubric = small_rubric(deducting(3));
  Findings place;
  place.at("style.pep8", Outcome::violated, 1)
      .at("style.pep8", Outcome::undetermined, 2, 1, Cause::submission);
  CHECK(graded(place, rubric).percent == 40);
  CHECK(graded(place, rubric).high == 70);

  Findings ours;
  ours.at("style.pep8", Outcome::violated, 1)
      .at("style.pep8", Outcome::undetermined, 2, 1, Cause::grader);
  CHECK(graded(ours, rubric).percent == Decimal(400, 7));  // 4 of the 7 decided points
  CHECK(graded(ours, rubric).low == 40);
  CHECK(graded(ours, rubric).high == 70);

  Findings whole;
  whole.hidden({"style.pep8"});
  CHECK(graded(whole, rubric).percent == 0);
  CHECK(graded(whole, rubric).high == 100);
}

TEST_CASE("a dependency that is not met takes all") {
  Criterion criterion;
  criterion.checks = {"tests.few"};
  criterion.depends_on = {"tests.none"};
  const auto rubric = small_rubric(criterion);
  CHECK(graded(Findings(), rubric).percent == 100);
  CHECK(graded(Findings().violated({"tests.none"}), rubric).high == 0);
  const auto hidden = graded(Findings().hidden({"tests.none"}), rubric);
  CHECK(hidden.percent == 0);
  CHECK(hidden.high == 100);
  // What is violated anyway is not open.
  CHECK(graded(Findings().hidden({"tests.none"}).violated({"tests.few"}), rubric).high == 0);
  // Whether a rule applies does not matter while it is open whether there is anything to rule.
  const auto neither =
      graded(Findings().hidden({"tests.none"}).set("tests.few", Outcome::not_applicable), rubric)
          .sections[0]
          .marks[0];
  CHECK(neither.open_submission == 10);
  REQUIRE(neither.reasons.size() == 1);
  CHECK(neither.reasons[0] ==
        "earns nothing without this: not decided because of the submission: tests.none");
  // A fault of ours in the dependency is no cover for what the submission hides.
  const auto both =
      graded(Findings().unknown({"tests.none"}).hidden({"tests.few"}), rubric).sections[0].marks[0];
  CHECK(both.open_submission == 10);
  CHECK(both.open_grader == 0);
  const auto without = graded(Findings().violated({"tests.none"}), rubric);
  const auto& reasons = without.sections[0].marks[0].reasons;
  REQUIRE(reasons.size() == 1);
  CHECK(reasons[0] == "earns nothing without this: tests.none");
}

TEST_CASE("what does not apply is not asked") {
  Rubric rubric = small_rubric({"a.b", "B", 10, {"tests.none"}, {}, {}});
  rubric.sections[0].criteria.push_back({"a.c", "C", 10, {"tests.few"}, {}, {}});
  Findings findings;
  findings.set("tests.none", Outcome::not_applicable).violated({"tests.few"});
  const auto grade = graded(findings, rubric);
  CHECK(grade.percent == 0);
  CHECK(grade.high == 0);
  CHECK(grade.sections[0].marks[0].left_out == 10);

  findings.set("tests.few", Outcome::not_applicable);
  const auto nothing = graded(findings, rubric);
  CHECK(nothing.percent == 0);
  CHECK(nothing.high == 100);
  CHECK(nothing.needs_person);
}

TEST_CASE("a check that was not run is our fault") {
  const auto rubric = small_rubric({"a.b", "B", 10, {"tests.none"}, {}, {}});
  const auto grade = grader::grading::grade({}, rubric, {.full = true});
  CHECK(grade.sections[0].marks[0].open_grader == 10);
  CHECK(grade.low == 0);
  CHECK(grade.high == 100);
  CHECK(grade.sections[0].marks[0].reasons.size() == 1);
  const auto style = grader::grading::grade({}, small_rubric(deducting(1)), {.full = true});
  CHECK(style.sections[0].marks[0].open_grader == 10);
}

TEST_CASE("bonus has a maximum and comes before the gates") {
  Rubric rubric = small_rubric({"a.b", "B", 10, {"tests.none"}, {}, {}});
  rubric.bonus_at_most = 5;
  rubric.bonus = {{"one", "One", 4, "bonus.docker"}, {"two", "Two", 4, "bonus.drf_api"}};
  rubric.gates.push_back({"gate", "Gate", {"tests.few"}, Decimal(60), false});
  Findings findings;
  findings.violated({"tests.none"})
      .set("bonus.docker", Outcome::met)
      .set("bonus.drf_api", Outcome::undetermined, Cause::grader);
  CHECK(graded(findings, rubric).percent == 4);
  CHECK(graded(findings, rubric).high == 5);
  findings.set("bonus.drf_api", Outcome::met);
  const auto both = graded(findings, rubric);
  CHECK(both.percent == 5);
  REQUIRE(both.bonus.size() == 2);
  CHECK(both.bonus[1].points == 1);
  findings.set("tests.none", Outcome::met);
  CHECK(graded(findings, rubric).percent == 100);
  CHECK(graded(findings.violated({"tests.few"}), rubric).percent == 60);
}

TEST_CASE("reasons name the place and are not endless") {
  Findings findings;
  for (int line = 1; line <= 8; ++line) findings.at("style.pep8", Outcome::violated, line, 2);
  const auto grade = graded(findings, small_rubric(deducting(Decimal(1, 4))));
  const auto& reasons = grade.sections[0].marks[0].reasons;
  REQUIRE(reasons.size() == 6);
  CHECK(reasons[0] == "vault/views.py:1: Something is wrong here (2 places)");
  CHECK(reasons[5] == "style.pep8: 3 more");
}

namespace {

/// Random outcomes for every known check, of any number, with and without a place.
class Random {
 public:
  explicit Random(unsigned seed) : engine_(seed) {}

  int below(int limit) { return std::uniform_int_distribution<int>(0, limit - 1)(engine_); }

  std::vector<Finding> findings() {
    std::vector<Finding> all;
    const int decided = below(4);  // from nearly all decided to nearly nothing
    for (const auto& check : known_checks()) {
      const int count = 1 + (below(3) == 0 ? below(4) : 0) - (below(20) == 0 ? 1 : 0);
      for (int i = 0; i < count; ++i) all.push_back(finding(check, decided));
    }
    return all;
  }

  Basis basis() { return {.full = below(2) == 0, .lines = below(4) == 0 ? 0 : 1 + below(2000)}; }

 private:
  Finding finding(const std::string& check, int decided) {
    Finding result;
    result.check = check;
    result.outcome = below(4) < decided ? Outcome::met : static_cast<Outcome>(below(4));
    if (result.outcome == Outcome::undetermined) result.cause = static_cast<Cause>(below(3));
    result.count = 1 + below(3);
    // That a rule does not apply is said of the whole submission, never of one place.
    const bool may_have_place = result.outcome != Outcome::not_applicable;
    if (may_have_place && below(2) == 0)
      result.evidence.emplace_back().location = {"a.py", 1 + below(99)};
    return result;
  }

  std::mt19937 engine_;
};

/// The whole check says only this.
std::vector<Finding> whole_check(std::vector<Finding> findings, const std::string& check,
                                 Cause cause) {
  std::erase_if(findings, [&](const Finding& finding) { return finding.check == check; });
  auto& only = findings.emplace_back();
  only.check = check;
  only.outcome = Outcome::undetermined;
  only.cause = cause;
  return findings;
}

std::vector<Finding> one_place(std::vector<Finding> findings, std::size_t index, Cause cause) {
  findings[index].outcome = Outcome::undetermined;
  findings[index].cause = cause;
  return findings;
}

/// Hiding never pays.
void require_not_better(const Grade& before, const Grade& after) {
  REQUIRE(after.percent <= before.percent);
  REQUIRE(after.low <= before.low);
}

/// A fault of ours widens the range and leaves what would be true inside it.
void require_wider(const Grade& before, const Grade& after) {
  REQUIRE(after.low <= before.low);
  REQUIRE(after.high >= before.high);
  if (!after.band.empty()) REQUIRE(after.band == before.band);
}

}  // namespace

TEST_CASE("for random findings: figures in order, hiding never pays, our faults never lower") {
  Random random(20'261'121);
  const Rubric& rubric = assignment();
  int named = 0;
  for (int round = 0; round < 200; ++round) {
    CAPTURE(round);
    const auto findings = random.findings();
    const auto basis = random.basis();
    const auto before = grade(findings, rubric, basis);
    REQUIRE(0 <= before.low);
    REQUIRE(before.low <= before.percent);
    REQUIRE(before.percent <= before.high);
    REQUIRE(before.high <= 100);
    if (before.band.empty()) REQUIRE(before.needs_person);
    named += before.band.empty() ? 0 : 1;

    const auto& ids = known_checks();
    const auto& check = ids[static_cast<std::size_t>(random.below(static_cast<int>(ids.size())))];
    const auto index = static_cast<std::size_t>(random.below(static_cast<int>(findings.size())));
    CAPTURE(check);
    CAPTURE(findings[index].check);
    for (const bool whole : {true, false}) {
      CAPTURE(whole);
      const auto hide = [&](Cause cause) {
        return grade(
            whole ? whole_check(findings, check, cause) : one_place(findings, index, cause), rubric,
            basis);
      };
      require_not_better(before, hide(Cause::submission));
      const auto ours = hide(Cause::grader);
      require_wider(before, ours);
      require_not_better(ours, hide(Cause::submission));
    }
  }
  CHECK(named > 20);  // otherwise the bands were hardly tried
}

TEST_CASE("for random findings: what is true stays between low and high of what we saw of it") {
  Random random(7);
  const Rubric& rubric = assignment();
  for (int round = 0; round < 100; ++round) {
    CAPTURE(round);
    auto findings = random.findings();
    const auto basis = random.basis();
    const auto truth = grade(findings, rubric, basis);
    for (auto& finding : findings) {
      if (random.below(8) == 0) {
        finding.outcome = Outcome::undetermined;
        finding.cause = Cause::grader;
      }
    }
    const auto seen = grade(findings, rubric, basis);
    REQUIRE(seen.low <= truth.percent);
    REQUIRE(truth.percent <= seen.high);
    require_wider(truth, seen);
  }
}

TEST_CASE("a violation of low confidence is asked and costs nothing") {
  std::vector<Finding> findings(1);
  findings.front().check = "style.pep8";
  findings.front().outcome = Outcome::violated;
  Criterion whole;
  whole.checks = {"style.pep8"};
  for (const auto& criterion : {whole, deducting(4)}) {
    findings.front().confidence = grader::grading::Confidence::low;
    const Grade asked = grade(findings, small_rubric(criterion), {.full = true, .lines = 0});
    CHECK(asked.percent == Decimal(100));
    CHECK(asked.low == asked.high);
    findings.front().confidence = grader::grading::Confidence::medium;
    const Grade counted = grade(findings, small_rubric(criterion), {.full = true, .lines = 0});
    CHECK(counted.percent < Decimal(100));
  }
}
