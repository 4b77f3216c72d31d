#pragma once
// Private to grader/submission.

#include <optional>
#include <string>
#include <vector>

#include "grader/submission/git.hpp"
#include "grader/submission/history.hpp"

namespace grader::submission {

/// One file that a commit changed.
struct Change {
  ChangedPath path;
  git_oid before{};  ///< zero where added
  git_oid after{};   ///< zero where deleted
  bool blob = true;  ///< false for a submodule
};

/// Compares trees and counts lines, within one budget for a whole history.
class Comparer {
 public:
  Comparer(git_repository* repository, git_odb* odb, const HistoryLimits& limits, std::size_t depth)
      : repository_(repository), odb_(odb), limits_(limits), depth_(depth) {}

  /// What differs between two trees, in the order of git's trees; null means no tree. Renames and
  /// lines are not looked at.
  std::vector<Change> compare(const git_oid* before, const git_oid* after);

  /// Fills insertions, deletions and counted.
  void count_lines(Change& change);

  /// Why not everything was compared and counted; empty where it was.
  const std::string& gap() const { return gap_; }

 private:
  struct Place {
    const std::string& prefix;
    std::size_t depth;
    std::vector<Change>& changes;
  };

  void walk(const git_oid* before, const git_oid* after, const Place& place);
  void visit(const git_tree_entry* before, const git_tree_entry* after, const Place& place);
  void add(const git_tree_entry* before, const git_tree_entry* after, const Place& place);
  bool spend_step();
  std::optional<git::Blob> read(const git_oid& oid);

  git_repository* repository_;
  git_odb* odb_;
  const HistoryLimits& limits_;
  std::size_t depth_;
  std::size_t steps_ = 0;
  std::size_t changes_ = 0;
  std::uint64_t bytes_ = 0;
  std::string gap_;
};

/// A deleted and an added file of the same content become one renamed one.
void join_renames(std::vector<Change>& changes);

/// Those that are in every list, as the first has them: what a merge itself changed.
std::vector<Change> common(std::vector<std::vector<Change>> against_each_parent);

}  // namespace grader::submission
