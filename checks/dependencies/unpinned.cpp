#include <algorithm>

#include "checks/findings.hpp"

namespace grader::checks::dependencies {
namespace {

constexpr std::size_t most_shown = 5;

std::vector<grading::Finding> run(const Facts& facts) {
  const auto& dependencies = facts.project.dependencies;
  if (dependencies.file.empty()) return {not_applicable("No file lists requirements.")};
  if (dependencies.pinned == "all") {
    return {met("Every requirement has one exact version.",
                {code(facts, {dependencies.files.back(), 1, 0, 3})})};
  }
  grading::Finding finding = absent(
      "", dependencies.pinned == "none" ? grading::Severity::medium : grading::Severity::low);
  std::string names;
  finding.count = 0;
  for (const auto& one : dependencies.requirements) {
    if (one.pinned || one.name.empty()) continue;
    ++finding.count;
    if (finding.evidence.size() >= most_shown) continue;
    finding.evidence.push_back(code(facts, one.at));
    names += (names.empty() ? "" : ", ") + one.name;
  }
  if (finding.count == 0) return {unclear(dependencies.file + " lists no package by its name.")};
  const auto left = static_cast<std::size_t>(finding.count) - finding.evidence.size();
  if (left > 0) names += " and " + std::to_string(left) + " more";
  finding.message = "These requirements have no exact version: " + names + ".";
  return {finding};
}

}  // namespace

extern constinit const Check unpinned{
    .title = "Requirements without exact versions",
    .why =
        "What is installed tomorrow differs from what was tested today: a new release of a "
        "package can break the application without a change in it.",
    .fix =
        "Give every requirement one version (Django==5.1.4), or commit the lock file of pipenv, "
        "poetry or uv. See https://pip.pypa.io/en/stable/topics/repeatable-installs/",
    .reference = "CWE-1357",
    .severity = grading::Severity::medium,
    .run = run,
};

}  // namespace grader::checks::dependencies
