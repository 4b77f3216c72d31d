#pragma once
// Private to grader/submission.

#include <memory>
#include <string>

#include "grader/submission/impl.hpp"

namespace grader::submission {

/// Opens the repository in `directory` (a work tree or bare), refuses alternates and databases over
/// the limits, finds the commit of `ref` (empty: the default branch, or the branch that holds the
/// code) and reads its tree.
Result<Submission> open_submission(const Source& source, const std::string& directory,
                                   const std::string& ref, const Limits& limits, Scratch scratch);

/// Refuses a repository in `directory` that could make its reader wait or read elsewhere: pipes,
/// devices and symbolic links among its own files, a configuration that includes others.
Result<void> check_layout(const Source& source, const std::string& directory);

/// Why the work tree in `directory` is not compared with what is committed: too many files, or a
/// pipe where rules are expected. Empty: it can be.
std::string odd_work_tree(const std::string& directory);

/// Sets commit and ref. `ref` is a branch, a tag, a full name below refs/ or the start of a commit
/// id, looked for in this order; not empty.
Result<void> resolve_ref(Submission::Impl& impl, const std::string& ref);

/// Sets commit and ref from HEAD and reads the tree; where that holds no Python file and another
/// branch does, that branch is taken and a warning says so.
Result<void> resolve_default(Submission::Impl& impl);

/// Adds a warning where `directory`, if it is a work tree, differs from what is committed.
void note_uncommitted(Submission::Impl& impl, const std::string& directory);

}  // namespace grader::submission
