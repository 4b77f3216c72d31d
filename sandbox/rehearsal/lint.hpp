#pragma once

#include "grader/submission/submission.hpp"
#include "sandbox/box/box.hpp"
#include "sandbox/environment/host.hpp"
#include "sandbox/rehearsal/rehearsal.hpp"

namespace grader::sandbox {

/// pycodestyle and ruff over every Python file of the submission that is not vendored, in a box
/// without network, with no configuration of the candidate's. Nothing of theirs is run. Where the
/// tools do not come to their end the report says so; an Error is ours.
Result<LintReport> lint(const submission::Submission& submission, const Sandbox& sandbox,
                        const Host& host);

/// The same over these files of a tree that every user may read.
Result<LintReport> lint_tree(const std::filesystem::path& tree,
                             const std::vector<std::string>& files, const Sandbox& sandbox,
                             const Host& host);

}  // namespace grader::sandbox
