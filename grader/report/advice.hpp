#pragma once

#include <span>
#include <string_view>

#include "grader/report/report.hpp"

namespace grader::report {

/// A text of ours in both languages.
struct Said {
  std::string_view en;
  std::string_view ru;

  /// The text in "en" or "ru".
  std::string_view in(std::string_view language) const { return language == "ru" ? ru : en; }
};

/// What is said of one rule to people who do not read findings: recruiters and candidates. No word
/// of it comes from a submission, and none says how the rule is checked or what it is worth.
struct Advice {
  std::string_view check;
  Said good;              ///< where the rule is met; empty where that is nothing to praise
  Said bad;               ///< where it is violated, in plain words
  Said learn;             ///< what to do and to read, to the candidate
  std::string_view page;  ///< a page of Django's documentation by its title, or another name
};

/// All of them, what matters most first.
std::span<const Advice> all_advice();

/// The advice that applies to the findings of a report, with the place in the code where there is
/// one.
struct Applied {
  const Advice* advice = nullptr;
  Location at;  ///< no path: of the whole submission
};

/// What is good: met rules that are worth a word, most important first, at most `most`.
std::vector<Applied> praised(const Report& report, std::size_t most);

/// What is not: violated rules, most severe first, at most `most`.
std::vector<Applied> criticised(const Report& report, std::size_t most);

}  // namespace grader::report
