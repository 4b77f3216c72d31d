#pragma once

#include <initializer_list>
#include <string_view>
#include <vector>

#include "checks/findings.hpp"
#include "checks/proof.hpp"

namespace grader::checks {

/// An operation of a view that some route reaches, as reading and the running
/// application show it.
struct Reached {
  const project::View& view;
  project::Operation operation;
  Known proof;
};

/// All operations on entries that are reached, or those of these kinds.
std::vector<Reached> reached(const Facts& facts,
                             std::initializer_list<std::string_view> kinds = {});

/// "entry_delete (delete, by POST)": how messages name an operation.
std::string named(const Reached& one);

/// Adds evidence to a finding.
void append(grading::Finding& finding, const std::vector<grading::Evidence>& evidence);

/// The finding for one question about operations: violated where the answer is
/// `no` (with the trace), undetermined where it is not decided, met once where
/// every answer is good, not applicable where there is no such operation.
struct Question {
  project::Verdict project::Operation::* verdict;
  grading::Severity severity;
  std::string_view bad;   ///< " lets …" after the operation's name
  std::string_view good;  ///< one sentence
};
std::vector<grading::Finding> ask(const Facts& facts, const std::vector<Reached>& operations,
                                  const Question& question);

/// Found or absent: the function is there if one of these operations is
/// reached.
std::vector<grading::Finding> expect_operation(const Facts& facts,
                                               std::initializer_list<std::string_view> kinds,
                                               std::string_view what);

/// The same of registration or sign-in, which a package may bring, and which the meeting with the
/// running application may have used: then it is there, whatever was read.
std::vector<grading::Finding> expect_account_feature(const Facts& facts,
                                                     const std::optional<Location>& feature,
                                                     std::string_view what,
                                                     std::string sandbox::Accounts::* way);

/// Found or absent: a feature at a place.
std::vector<grading::Finding> expect_feature(const Facts& facts,
                                             const std::optional<Location>& feature,
                                             std::string_view what);

/// `met` where a bonus feature is there, `not_applicable` where it is not.
std::vector<grading::Finding> offer(const Facts& facts, const std::optional<Location>& feature,
                                    std::string_view what);

}  // namespace grader::checks
