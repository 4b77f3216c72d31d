#include <algorithm>

#include "checks/findings.hpp"

namespace grader::checks::history {
namespace {

using grading::Severity;

bool ends_with_any(std::string_view name, std::initializer_list<std::string_view> endings) {
  return std::ranges::any_of(endings, [&](auto ending) { return name.ends_with(ending); });
}

/// Databases and environment files hold data of people and secrets; the rest is only clutter.
Severity severity_of(std::string_view junk) {
  const auto name = project::file_name(junk);
  if (ends_with_any(name, {".sqlite3", ".sqlite", ".db"})) return Severity::high;
  if (name.find(".env") != name.npos || name.starts_with("db.sqlite3")) return Severity::medium;
  if (name == "media" || name.ends_with("env")) return Severity::medium;
  return Severity::low;
}

std::string message_of(const std::string& junk, Severity severity) {
  if (severity == Severity::high) {
    return junk + " is committed: everybody who has the repository has its users and entries.";
  }
  return junk + " is committed and does not belong into a repository.";
}

/// The first file that the name stands for: itself, or one in a folder of that name.
std::string first_path(const project::Files& files, std::string_view junk) {
  if (files.has(junk)) return std::string(junk);
  const std::string inside = "/" + std::string(junk) + "/";
  const std::string below = "/" + std::string(junk);
  for (const auto& entry : files.entries) {
    const std::string path = "/" + entry.path;
    const bool compiled = junk == "*.pyc" && ends_with_any(path, {".pyc", ".pyo"});
    if (compiled || path.find(inside) != path.npos || path.ends_with(below)) return entry.path;
  }
  return {};
}

std::vector<grading::Finding> run(const Facts& facts) {
  std::vector<grading::Finding> findings;
  for (const auto& junk : facts.project.inventory.junk) {
    const Severity severity = severity_of(junk);
    findings.push_back(violated(facts, {first_path(facts.project.files, junk)},
                                message_of(junk, severity), severity));
  }
  return findings;
}

}  // namespace

extern constinit const Check junk_committed{
    .title = "Files are committed that do not belong into a repository",
    .why =
        "A committed database or environment file gives its data to everybody who can read the "
        "repository, for ever; caches and editor files hide what was really changed.",
    .fix =
        "Name them in .gitignore and take them out with git rm --cached. A database that held "
        "real data has to be treated as published. See https://git-scm.com/docs/gitignore",
    .reference = "CWE-538",
    .severity = Severity::low,
    .run = run,
};

}  // namespace grader::checks::history
