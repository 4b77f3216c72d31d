#pragma once

#include <chrono>
#include <filesystem>
#include <string>

#include "grader/project/project.hpp"
#include "grader/submission/submission.hpp"
#include "sandbox/box/box.hpp"
#include "sandbox/environment/host.hpp"
#include "sandbox/rehearsal/plan.hpp"
#include "sandbox/rehearsal/rehearsal.hpp"

namespace grader::sandbox {

/// How to rehearse.
struct RehearsalOptions {
  /// "2024-05-01": requirements without a version are taken as they were on that day, where that
  /// works; empty: as they are now. See day_after().
  std::string newest;
  /// A rung that takes longer stands still: the slowest real ones take ten seconds.
  std::chrono::seconds rung{40};
  bool probe = true;  ///< meet the running application as two users and nobody
};

/// Climbs the ladder: dependencies → settings → check → migrations → migrate → serve → routes →
/// tests, all inside boxes, with the repairs that are needed. What cannot be reached is
/// `undetermined`. An Error is ours; what belongs to the submission is in the result.
Result<Rehearsal> rehearse(const submission::Submission& submission,
                           const project::Project& project, const Sandbox& sandbox,
                           const Host& host, const RehearsalOptions& options);

/// The same over a tree that is already there, as files that every user may read.
Result<Rehearsal> rehearse_tree(const std::filesystem::path& tree, const Plan& plan,
                                const Sandbox& sandbox, const Host& host,
                                const RehearsalOptions& options);

/// The day (UTC) that is `days` after a commit's time in seconds since 1970.
std::string day_after(std::int64_t commit_time, int days);

}  // namespace grader::sandbox
