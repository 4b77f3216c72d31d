#include "grader/base/text.hpp"
#include "grader/report/words.hpp"

namespace grader::report {

std::vector<CommitFacts> commit_facts(const Report& report) {
  std::vector<CommitFacts> result;
  for (const auto& commit : report.commits) {
    CommitFacts facts;
    facts.id = commit.oid;
    facts.time = commit.author_time;
    const auto lines = text::lines(text::trim(commit.message));
    if (!lines.empty()) facts.subject = std::string(text::trim(lines.front()));
    facts.merge = commit.parents.size() > 1;
    facts.files = commit.files_changed;
    facts.added = commit.insertions;
    facts.removed = commit.deletions;
    result.push_back(std::move(facts));
  }
  return result;
}

}  // namespace grader::report
