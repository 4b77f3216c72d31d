#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "grader/base/result.hpp"
#include "grader/submission/source.hpp"

namespace grader::submission {

/// What a submission may cost. Over one of these it is refused, or the part is left out and named
/// in a warning.
struct Limits {
  std::size_t files = 50'000;                ///< in the graded tree; more: refused
  std::size_t depth = 100;                   ///< folders within folders; more: refused
  std::size_t objects = 200'000;             ///< in the object database; more: refused
  std::uint64_t read_bytes = 5U << 20U;      ///< a blob that read() gives; more: an error
  std::uint64_t file_bytes = 64U << 20U;     ///< a file that materialise() writes; more: left out
  std::uint64_t tree_bytes = 1U << 30U;      ///< all that materialise() writes; more: refused
  std::uint64_t object_bytes = 512U << 20U;  ///< a blob of the database; more: refused
  std::uint64_t meta_bytes = 16U << 20U;     ///< a tree, commit or tag; more: refused
  std::uint64_t received_bytes = 1U << 30U;  ///< over the network; more: refused
  int fetch_seconds = 120;                   ///< wall clock of a fetch; more: refused
};

/// What an entry of a tree is.
enum class Mode { regular, executable, symlink, submodule };

/// A leaf of the graded tree.
struct TreeEntry {
  std::string path;  ///< from the top, '/' separated; bytes as committed, perhaps not UTF-8
  Mode mode = Mode::regular;
  std::uint64_t size = 0;  ///< bytes; 0 for a submodule and where the object is missing
  std::string oid;         ///< 40 hex digits: the blob, or the submodule's commit

  bool operator==(const TreeEntry&) const = default;
};

/// Something about the submission that a reader of the report has to know.
struct Warning {
  std::string id;    ///< uncommitted, other_branch, submodules, lfs, missing_files, large_files, …
  std::string text;  ///< one sentence, no full stop, printable UTF-8

  bool operator==(const Warning&) const = default;
};

/// A commit of a candidate's repository and a reader of its tree. Everything comes from the object
/// database: no work tree, hook, filter, submodule or symlink acts. One thread at a time. A fetched
/// repository is removed with the last Submission that reads it.
class Submission {
 public:
  struct Impl;
  /// Made by open() alone.
  explicit Submission(std::unique_ptr<Impl> impl);
  Submission(Submission&&) noexcept;
  Submission& operator=(Submission&&) noexcept;
  ~Submission();

  /// The graded commit: 40 hex digits.
  const std::string& commit() const;

  /// What it was reached by: a branch ("main"), a tag, or the commit as the user wrote it.
  const std::string& ref() const;

  /// Where it came from.
  const Source& source() const;
  /// What reading it may use.
  const Limits& limits() const;

  /// Every leaf, sorted by path as bytes. Entries that no checkout could write safely ("..",
  /// ".git", a name twice) are not among them; a warning names them.
  const std::vector<TreeEntry>& entries() const;

  /// The entry with this path, or null.
  const TreeEntry* find(std::string_view path) const;

  /// All bytes of a regular file, or a symlink's target. An error for a submodule, a blob over
  /// Limits::read_bytes or an object that is missing.
  Result<std::string> read(const TreeEntry& entry) const;

  /// Writes the tree into a fresh, empty directory: modes 0644, 0755 and 0755 for folders; symlinks
  /// only where they stay inside; submodules as empty folders. Nothing is followed or replaced. The
  /// caller removes the directory, also after an error.
  Result<void> materialise(int directory_fd) const;

  /// What a reader of the grade should know about the reading.
  const std::vector<Warning>& warnings() const;

 private:
  friend struct Access;
  std::unique_ptr<Impl> impl_;
};

}  // namespace grader::submission
