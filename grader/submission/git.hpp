#pragma once
// Private to grader/submission: the only header that brings git2.h.

#include <git2.h>

#include <memory>
#include <optional>
#include <string>

#include "grader/base/result.hpp"

namespace grader::submission::git {

/// Frees what libgit2 made.
template <auto Free>
struct Freer {
  template <typename T>
  void operator()(T* object) const {
    Free(object);
  }
};

/// libgit2's handles, each freed by its own function.
using Repository = std::unique_ptr<git_repository, Freer<git_repository_free>>;
using Odb = std::unique_ptr<git_odb, Freer<git_odb_free>>;
using OdbObject = std::unique_ptr<git_odb_object, Freer<git_odb_object_free>>;
using Object = std::unique_ptr<git_object, Freer<git_object_free>>;
using Commit = std::unique_ptr<git_commit, Freer<git_commit_free>>;
using Tree = std::unique_ptr<git_tree, Freer<git_tree_free>>;
using Blob = std::unique_ptr<git_blob, Freer<git_blob_free>>;
using Reference = std::unique_ptr<git_reference, Freer<git_reference_free>>;
using ReferenceIterator =
    std::unique_ptr<git_reference_iterator, Freer<git_reference_iterator_free>>;
using Patch = std::unique_ptr<git_patch, Freer<git_patch_free>>;
using Remote = std::unique_ptr<git_remote, Freer<git_remote_free>>;
using StatusList = std::unique_ptr<git_status_list, Freer<git_status_list_free>>;

/// Starts the library once, with no configuration of the machine or the user in reach. Objects are
/// read without computing their hashes again, which is half of the time of reading: intact() does
/// it where the content must be the one that the id promises.
void start();

/// What the library said last, on this thread; one line, no full stop.
std::string last_message();

/// True where the object's content has the hash by which it was asked for.
bool intact(const OdbObject& object);

/// 40 hex digits.
std::string to_hex(const git_oid& oid);

/// Nothing where the text is not 40 hex digits.
std::optional<git_oid> from_hex(const std::string& hex);

/// `made<Tree>(git_tree_lookup, repository, &oid)`: the object, or null with last_message() set.
template <typename Owner, typename Function, typename... Arguments>
Owner made(Function function, Arguments... arguments) {
  typename Owner::pointer object = nullptr;
  if (function(&object, arguments...) != 0) return nullptr;
  return Owner(object);
}

}  // namespace grader::submission::git
