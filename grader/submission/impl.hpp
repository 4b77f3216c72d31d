#pragma once
// Private to grader/submission.

#include <set>
#include <string>
#include <vector>

#include "grader/submission/git.hpp"
#include "grader/submission/scratch.hpp"
#include "grader/submission/submission.hpp"

namespace grader::submission {

struct Submission::Impl {
  // Declared first, so removed last: the repository still has its files open.
  Scratch scratch;
  Source source;
  Limits limits;
  git::Repository repository;
  git::Odb odb;
  git_oid commit{};
  std::string commit_hex;
  std::string ref;
  bool shallow = false;
  std::vector<TreeEntry> entries;
  std::set<std::string> unsafe_links;  ///< symlinks that materialise() leaves out
  std::set<std::string> missing;       ///< files whose objects are not here (a partial clone)
  std::vector<Warning> warnings;
};

/// Lets our own files reach into a submission.
struct Access {
  static const Submission::Impl& of(const Submission& submission) { return *submission.impl_; }
};

/// Bytes of a path as a message may show them: valid UTF-8, control characters escaped, at most 200
/// code points.
std::string show_path(std::string_view path);

/// At most five of the paths, shown, and how many more there are.
std::string show_paths(const std::vector<std::string>& paths);

/// Whether bytes are compared with the hash that names them: those that are graded are, those of
/// the history are not.
enum class Hash : std::uint8_t { checked, trusted };

/// The bytes of a blob of at most `limit` bytes.
Result<std::string> read_blob(git_odb* odb, const git_oid& oid, std::uint64_t limit,
                              std::string_view path, Hash hash = Hash::checked);

/// Every object of the database is counted and its size read (from headers: nothing is unpacked),
/// so that a later read cannot be made to unpack more than the limits allow.
Result<void> check_objects(git_odb* odb, const Limits& limits, const std::string& where);

/// Fills entries, unsafe_links and the warnings that come from the tree.
Result<void> read_tree(Submission::Impl& impl);

/// The second half of read_tree(): what the entries tell. `unsafe_names` are paths that were kept
/// out of them.
Result<void> note_tree(Submission::Impl& impl, const std::vector<std::string>& unsafe_names);

}  // namespace grader::submission
