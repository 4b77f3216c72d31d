#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "grader/submission/history.hpp"

namespace grader::checks {

/// How a commit's message reads on its own.
enum class MessageKind {
  telling,  ///< says what was done
  naming,   ///< names a thing, hardly more: "requirements.txt", "Update README.md"
  empty,    ///< says nothing: "update", "last commit", pasted output of git
};

/// A message as a reader sees it.
struct MessageReading {
  MessageKind kind = MessageKind::empty;
  double worth = 0;  ///< how much it tells, from 0 to 1
};

/// Reads a message by its first line; text below that makes a short one worth more.
MessageReading read_message(std::string_view message);

/// For each commit the number of its author's person: names and addresses of one person are joined
/// by address, by name, by the login in an address of GitHub's, and by a first name that only one
/// person has. -1 for bots.
std::vector<int> people_of(const std::vector<submission::Commit>& commits);

/// True for code of the submission's own: Python, templates, scripts and styles outside of copied
/// packages and builds.
bool is_own_code(std::string_view path);

/// True for packages, builds and lock files: what nobody writes.
bool is_copied_or_generated(std::string_view path);

/// Lines of own code that a commit added.
std::size_t own_code_lines(const submission::Commit& commit);

/// How the work came together, as the history shows it: facts for the profile, not marks.
struct HistoryFacts {
  int commits = 0;
  int authors = 0;  ///< people: addresses and names that belong together count once, bots never
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

/// Reads them off all commits.
HistoryFacts history_facts(const submission::History& history);

}  // namespace grader::checks
