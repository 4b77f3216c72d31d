#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "checks/check.hpp"

namespace grader::checks {

/// An operation as reading and the meeting with the running application know it
/// together.
struct Known {
  project::Operation operation;  ///< with the verdicts of the meeting where it proved one
  /// The exchanges that prove a verdict, by the verdict.
  std::vector<grading::Evidence> owner;
  std::vector<grading::Evidence> login;
  std::vector<grading::Evidence> method_safe;
  std::vector<std::string> disagreements;  ///< where reading said something else
};

/// What is proven wins over what was read. A breach is proven where it was seen
/// twice with different random values while the owner's own request worked.
/// That it was refused, while the owner's request worked, decides where reading
/// did not.
Known known(const Facts& facts, const project::View& view, const project::Operation& operation);

/// How the secret is kept, by both: what was seen in the database wins, unless
/// the browser encrypts.
project::Transform kept(const Facts& facts);

/// The exchanges and places that show how the secret is kept; empty where
/// nothing was seen.
std::vector<grading::Evidence> kept_evidence(const Facts& facts);

/// In which way of the application's own the meeting with it registered or signed in: " by a
/// form", " by its API"; nothing where it did not.
std::optional<std::string> used_way(const Facts& facts, std::string sandbox::Accounts::* way);

/// Adds what requests proved of one of these remarks: its exchanges to the first finding where
/// reading found the fault too, else a finding of its own.
void add_proven(const Facts& facts, std::initializer_list<std::string_view> remarks,
                grading::Severity severity, std::vector<grading::Finding>& findings);

/// Where what was read and what was seen differ, one line each, in the order of
/// the views. Each is a fault of one of the two.
std::vector<std::string> disagreements(const Facts& facts);

}  // namespace grader::checks
