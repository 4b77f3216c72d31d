#pragma once

#include <string>
#include <vector>

#include "grader/submission/history.hpp"

namespace grader::checks {

/// How the work came together, as the history shows it: facts for the profile, not marks.
struct HistoryFacts {
  int commits = 0;
  int authors = 0;  ///< people: addresses and names that belong together count once
  int author_emails = 0;
  int span_days = 0;     ///< last minus first calendar date of authorship
  std::string style;     ///< incremental, few_batches, single_dump; empty without commits
  std::string messages;  ///< good, mixed, poor; empty without commits
  /// Object ids of commits whose message says little, oldest first.
  std::vector<std::string> empty_messages;
  std::string largest;      ///< object id of the commit that brought most of the code
  int largest_percent = 0;  ///< of all added lines of code
  int substantial = 0;      ///< commits that added at least ten lines of code
};

HistoryFacts history_facts(const submission::History& history);

}  // namespace grader::checks
