#include "checks/kept_secret.hpp"

#include <algorithm>

#include "checks/operations.hpp"

namespace grader::checks {

using grading::Finding;

std::vector<Finding> kept_as(const Facts& facts, std::initializer_list<project::Transform> bad,
                             std::string_view verdict, std::string_view good) {
  const auto& secrets = facts.project.secrets;
  if (facts.project.models.entry_model() == nullptr) {
    return {not_applicable("No model of entries was found.")};
  }
  const project::Transform kind = kept(facts);
  if (kind == project::Transform::unknown) {
    return {unclear(
        "How the secret of an entry is kept could not be followed: " +
            (secrets.why.empty() ? std::string("no place that saves it was found") : secrets.why) +
            ".",
        trace(facts, secrets.trace))};
  }
  if (std::ranges::find(bad, kind) == bad.end()) {
    Finding fine = met(std::string(good), trace(facts, secrets.trace));
    append(fine, kept_evidence(facts));
    return {std::move(fine)};
  }
  Finding finding = absent(
      std::string(verdict) +
          (secrets.algorithm.empty() || kind != secrets.kind ? ""
                                                             : " (" + secrets.algorithm + ")") +
          ".",
      grading::Severity::critical);
  finding.evidence.push_back(code(facts, secrets.at, "the secret is saved"));
  append(finding, trace(facts, secrets.trace));
  append(finding, kept_evidence(facts));
  return {std::move(finding)};
}

std::vector<Finding> forgotten_paths(const Facts& facts, Way way) {
  const auto& secrets = facts.project.secrets;
  const bool encrypts = secrets.kind == project::Transform::sound ||
                        secrets.kind == project::Transform::weak_crypto ||
                        secrets.kind == project::Transform::client_side;
  if (!encrypts) return {not_applicable("No way to the database was seen to encrypt.")};
  std::vector<Finding> findings;
  for (const auto* write : secrets.missing()) {
    if ((write->op == "admin") != (way == Way::admin)) continue;
    Finding finding = violated(
        facts, write->saved_at,
        way == Way::admin ? "What is typed into the admin site is saved as it is."
                          : "Here (" + write->op + ") the secret is saved as typed, elsewhere not.",
        way == Way::admin ? grading::Severity::medium : grading::Severity::high);
    for (auto& step : trace(facts, write->trace)) finding.evidence.push_back(std::move(step));
    findings.push_back(std::move(finding));
  }
  if (findings.empty()) {
    findings.push_back(met(way == Way::admin ? "The admin site was not seen to save it as typed."
                                             : "Every way that was found treats the secret alike.",
                           trace(facts, secrets.trace)));
  }
  return findings;
}

}  // namespace grader::checks
