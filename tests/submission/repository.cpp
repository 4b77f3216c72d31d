#include "tests/submission/repository.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>

#include "grader/base/process.hpp"
#include "grader/submission/fetch.hpp"

namespace tests {

Directory::Directory() {
  const char* chosen = std::getenv("TMPDIR");  // NOLINT(concurrency-mt-unsafe)
  path_ = std::string(chosen != nullptr ? chosen : "/tmp") + "/grader-test-XXXXXX";
  REQUIRE(mkdtemp(path_.data()) != nullptr);
}

Directory::~Directory() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

std::string shell(const std::string& command, const std::string& input) {
  grader::process::Command shell;
  shell.argv = {"sh", "-c", command};
  shell.environment = grader::process::inherited({"PATH", "TMPDIR"});
  for (const auto* setting :
       {"GIT_CONFIG_NOSYSTEM=1", "GIT_CONFIG_GLOBAL=/dev/null", "GIT_AUTHOR_NAME=Ada",
        "GIT_AUTHOR_EMAIL=ada@example.org", "GIT_COMMITTER_NAME=Ada",
        "GIT_COMMITTER_EMAIL=ada@example.org", "GIT_AUTHOR_DATE=1700000000 +0000",
        "GIT_COMMITTER_DATE=1700000000 +0000", "LC_ALL=C.UTF-8"}) {
    shell.environment.emplace_back(setting);
  }
  shell.input = input;
  shell.output_cap = 64U << 20U;
  const auto outcome = grader::process::run(shell);
  REQUIRE(outcome.has_value());
  INFO(command, "\n", outcome->err);
  REQUIRE(outcome->ok());
  return outcome->out;
}

std::string git(const std::string& directory, const std::string& arguments,
                const std::string& input) {
  return shell("cd '" + directory + "' && git " + arguments, input);
}

void import_stream(const std::string& directory, const std::string& stream) {
  shell("git init -q --bare -b main '" + directory + "'");
  git(directory, "fast-import --quiet", stream);
}

std::string file(std::string_view path, std::string_view content, std::string_view mode) {
  return fmt::format("M {} inline {}\ndata {}\n{}\n", mode, path, content.size(), content);
}

std::string commit(std::string_view branch, int time, std::string_view message) {
  return fmt::format(
      "commit refs/heads/{}\nauthor Ada <ada@example.org> {} +0200\n"
      "committer Bob <bob@example.org> {} -0330\ndata {}\n{}\n",
      branch, time, time + 60, message.size(), message);
}

std::vector<std::string> listing(const std::string& directory) {
  namespace fs = std::filesystem;
  std::vector<std::pair<std::string, std::string>> found;
  for (const auto& entry : fs::recursive_directory_iterator(directory)) {
    const auto path =
        fs::relative(fs::path(entry.path()).parent_path(), directory) / entry.path().filename();
    const auto shown = path.lexically_normal().string();
    const auto mode = static_cast<unsigned>(entry.symlink_status().permissions());
    if (entry.is_symlink()) {
      found.emplace_back(shown, "link " + shown + " -> " + fs::read_symlink(entry).string());
    } else if (entry.is_directory()) {
      found.emplace_back(shown + "/", fmt::format("{:o} {}/", mode, shown));
    } else {
      found.emplace_back(shown, fmt::format("{:o} {} {}", mode, entry.file_size(), shown));
    }
  }
  std::ranges::sort(found);
  std::vector<std::string> result;
  result.reserve(found.size());
  for (auto& [path, line] : found) result.push_back(std::move(line));
  return result;
}

grader::Result<grader::submission::Submission> open(const std::string& path, const std::string& ref,
                                                    const grader::submission::Limits& limits) {
  auto source = grader::submission::parse_source(path);
  REQUIRE(source.has_value());
  grader::submission::FetchOptions options;
  options.ref = ref;
  options.limits = limits;
  return grader::submission::fetch(*source, options);
}

std::string warning(const grader::submission::Submission& submission, std::string_view id) {
  for (const auto& warning : submission.warnings()) {
    if (warning.id == id) return warning.text;
  }
  return {};
}

}  // namespace tests
