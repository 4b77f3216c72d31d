#pragma once

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "grader/grading/finding.hpp"
#include "grader/grading/rubric.hpp"
#include "tests/grading/known_checks.hpp"

namespace grader::grading {

/// So that a failed test shows the figures.
inline doctest::String toString(const Decimal& value) { return to_string(value, 6).c_str(); }

}  // namespace grader::grading

/// Findings as checks would make them, changed one by one to make a submission.
class Findings {
 public:
  /// Every known check met, without any of the bonus features.
  Findings() {
    for (const auto& id : known_checks()) {
      add(id, id.starts_with("bonus.") ? grader::grading::Outcome::not_applicable
                                       : grader::grading::Outcome::met);
    }
  }

  /// Replaces what the check said before.
  Findings& set(const std::string& check, grader::grading::Outcome outcome,
                grader::grading::Cause cause = grader::grading::Cause::none) {
    std::erase_if(all_, [&](const auto& finding) { return finding.check == check; });
    return add(check, outcome, cause);
  }

  Findings& violated(std::initializer_list<const char*> checks) {
    for (const auto* check : checks) set(check, grader::grading::Outcome::violated);
    return *this;
  }

  Findings& hidden(std::initializer_list<const char*> checks) {
    for (const auto* check : checks) {
      set(check, grader::grading::Outcome::undetermined, grader::grading::Cause::submission);
    }
    return *this;
  }

  Findings& unknown(std::initializer_list<const char*> checks) {
    for (const auto* check : checks) {
      set(check, grader::grading::Outcome::undetermined, grader::grading::Cause::grader);
    }
    return *this;
  }

  /// A further finding about one place.
  Findings& at(const std::string& check, grader::grading::Outcome outcome, int line, int count = 1,
               grader::grading::Cause cause = grader::grading::Cause::none) {
    add(check, outcome, cause);
    auto& finding = all_.back();
    finding.count = count;
    finding.message = "Something is wrong here";
    finding.evidence.emplace_back().location = {"vault/views.py", line};
    return *this;
  }

  const std::vector<grader::grading::Finding>& all() const { return all_; }

 private:
  Findings& add(const std::string& check, grader::grading::Outcome outcome,
                grader::grading::Cause cause = grader::grading::Cause::none) {
    auto& finding = all_.emplace_back();
    finding.check = check;
    finding.outcome = outcome;
    finding.cause = cause;
    return *this;
  }

  std::vector<grader::grading::Finding> all_;
};

/// The rubric of the assignment.
inline const grader::grading::Rubric& assignment() {
  static const auto rubric =
      grader::grading::load_rubric("rubrics/password_manager.yaml", known_checks()).value();
  return rubric;
}
