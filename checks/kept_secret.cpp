#include "checks/kept_secret.hpp"

#include <algorithm>

namespace grader::checks {

using grading::Finding;

std::vector<Finding> kept_as(const Facts& facts, std::initializer_list<project::Transform> bad,
                             std::string_view verdict, std::string_view good) {
  const auto& secrets = facts.project.secrets;
  if (facts.project.models.entry_model() == nullptr) {
    return {not_applicable("No model of entries was found.")};
  }
  if (secrets.kind == project::Transform::unknown) {
    return {unclear(
        "How the secret of an entry is kept could not be followed: " +
            (secrets.why.empty() ? std::string("no place that saves it was found") : secrets.why) +
            ".",
        trace(facts, secrets.trace))};
  }
  if (std::ranges::find(bad, secrets.kind) == bad.end()) {
    return {met(std::string(good), trace(facts, secrets.trace))};
  }
  Finding finding =
      absent(std::string(verdict) +
                 (secrets.algorithm.empty() ? "" : " (" + secrets.algorithm + ")") + ".",
             grading::Severity::critical);
  finding.evidence.push_back(code(facts, secrets.at, "the secret is saved"));
  for (auto& step : trace(facts, secrets.trace)) finding.evidence.push_back(std::move(step));
  return {std::move(finding)};
}

}  // namespace grader::checks
