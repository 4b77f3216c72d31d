#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "grader/base/result.hpp"
#include "grader/submission/submission.hpp"

namespace grader::submission {

/// A name and address as a commit states them; nobody has checked them. Valid UTF-8.
struct Person {
  std::string name;
  std::string email;

  bool operator==(const Person&) const = default;
};

/// A path that a commit changed against its first parent (or against nothing).
struct ChangedPath {
  enum class Status { added, modified, deleted, renamed };
  std::string path;      ///< bytes as committed
  std::string old_path;  ///< of a renamed file: the content is the same, byte for byte
  Status status = Status::modified;
  std::string oid;               ///< the blob after the change; empty where deleted
  std::uint32_t insertions = 0;  ///< lines, as `git log --numstat` counts them
  std::uint32_t deletions = 0;
  bool counted = true;  ///< false: binary, a submodule, or too large for its lines to be counted
};

/// One commit with what it changed.
struct Commit {
  std::string oid;                   ///< 40 hex digits
  std::vector<std::string> parents;  ///< two and more make a merge
  Person author;
  Person committer;
  std::int64_t author_time = 0;   ///< seconds since 1970 in UTC
  int author_offset_minutes = 0;  ///< zone east of UTC
  std::int64_t commit_time = 0;
  int commit_offset_minutes = 0;
  std::string message;  ///< valid UTF-8, at most HistoryLimits::message_bytes
  /// Of a merge: only what differs from every parent, as `git log -c` shows.
  std::vector<ChangedPath> changes;
  std::size_t files_changed = 0;
  std::size_t insertions = 0;
  std::size_t deletions = 0;
};

/// How much of a history is read.
struct HistoryLimits {
  std::size_t commits = 20'000;           ///< the newest are kept
  std::size_t changes = 200'000;          ///< changed paths of all commits together
  std::size_t steps = 2'000'000;          ///< tree entries compared
  std::uint64_t line_bytes = 1U << 20U;   ///< a blob whose lines are counted
  std::uint64_t total_bytes = 1U << 28U;  ///< all blobs whose lines are counted
  std::size_t message_bytes = 64U << 10U;
};

/// All commits that the graded one was made from.
struct History {
  std::vector<Commit> commits;  ///< newest first; a commit always stands before its parents
  bool complete = true;         ///< all commits are here
  bool counted = true;          ///< all changes and lines are here (but for binary and large files)
  std::string gap;              ///< what is missing and why; empty where both are true
};

/// An error only where the graded commit itself cannot be read, or an interrupt came.
Result<History> read_history(const Submission& submission, const HistoryLimits& limits = {});

/// A file content that was committed at some time.
struct HistoricBlob {
  const Commit& commit;  ///< the first that held it
  const std::string& path;
  const std::string& oid;
  std::uint64_t size = 0;  ///< bytes
};

/// Calls `visit` once for each blob that ever was in the history, oldest first, also for what was
/// deleted later. Where `wanted` says no, the blob is not unpacked; blobs over Limits::read_bytes
/// never are. Returns how many could not be read.
Result<std::size_t> for_each_historic_blob(
    const Submission& submission, const History& history,
    const std::function<bool(const HistoricBlob&)>& wanted,
    const std::function<void(const HistoricBlob&, std::string_view bytes)>& visit);

}  // namespace grader::submission
