#include "grader/grading/finding.hpp"

#include <doctest/doctest.h>

using grader::grading::Cause;
using grader::grading::Confidence;
using grader::grading::Finding;
using grader::grading::Outcome;
using grader::grading::Severity;

namespace {

std::vector<Finding> findings_of(std::initializer_list<Outcome> outcomes) {
  std::vector<Finding> findings;
  for (const auto outcome : outcomes) {
    Finding finding;
    finding.check = "family.name";
    finding.outcome = outcome;
    findings.push_back(finding);
  }
  return findings;
}

Outcome combination(std::initializer_list<Outcome> outcomes) {
  return combined(findings_of(outcomes), "family.name");
}

}  // namespace

TEST_CASE("findings of one check combine to the strongest outcome") {
  using enum Outcome;
  CHECK(combination({met, violated, undetermined, not_applicable}) == violated);
  CHECK(combination({met, undetermined, not_applicable}) == undetermined);
  CHECK(combination({not_applicable, met}) == met);
  CHECK(combination({not_applicable, not_applicable}) == not_applicable);
  CHECK(combination({}) == undetermined);
}

TEST_CASE("findings of other checks do not count") {
  const auto findings = findings_of({Outcome::violated});
  CHECK(combined(findings, "family.other") == Outcome::undetermined);
  CHECK(combined(findings, "family.nam") == Outcome::undetermined);
}

TEST_CASE("enumerations have the names that reports use") {
  CHECK(to_string(Outcome::not_applicable) == "not_applicable");
  CHECK(to_string(Outcome::undetermined) == "undetermined");
  CHECK(to_string(Cause::submission) == "submission");
  CHECK(to_string(Severity::critical) == "critical");
  CHECK(to_string(Confidence::high) == "high");
}
