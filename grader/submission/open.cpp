#include "grader/submission/open.hpp"

#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <filesystem>

#include "grader/base/text.hpp"

namespace grader::submission {
namespace {

namespace fs = std::filesystem;

std::string user_name(uid_t uid) {
  struct passwd entry{};
  struct passwd* found = nullptr;
  std::array<char, 4096> buffer{};
  getpwuid_r(uid, &entry, buffer.data(), buffer.size(), &found);
  return found != nullptr ? found->pw_name : "user " + std::to_string(uid);
}

tl::unexpected<Error> owned_by_another(const Source& source, const std::string& directory) {
  struct stat status{};
  uid_t owner = geteuid();
  for (const auto* part : {"", "/.git"}) {
    if (stat((directory + part).c_str(), &status) == 0 && status.st_uid != geteuid()) {
      owner = status.st_uid;
    }
  }
  if (owner == geteuid()) {
    return fail(ErrorKind::submission,
                "this repository's configuration names a work tree of another user", source.text,
                "remove core.worktree from its config, or clone it");
  }
  const auto name = user_name(owner);
  return fail(ErrorKind::submission,
              "this repository belongs to " + name + ", not to you (" + user_name(geteuid()) + ")",
              source.text,
              "run this as " + name + ", or make the repository yours: chown -R " +
                  user_name(geteuid()) + " " + text::printable(directory));
}

tl::unexpected<Error> not_opened(const Source& source, const std::string& directory, int status) {
  // Without any configuration the library's check of the owner stumbles over its own look-up.
  const bool owner =
      status == GIT_EOWNER ||
      (status == GIT_ENOTFOUND && git::last_message().find("safe.directory") != std::string::npos);
  if (owner) return owned_by_another(source, directory);
  if (status == GIT_ENOTFOUND) {
    git_buf found = GIT_BUF_INIT;
    const bool inside = git_repository_discover(&found, directory.c_str(), 0, nullptr) == 0;
    std::string top = inside ? found.ptr : "";
    git_buf_dispose(&found);
    if (top.ends_with("/.git/")) top.resize(top.size() - 6);
    return fail(ErrorKind::submission, "this directory is not the top of a git repository",
                source.text,
                inside ? "give the top of the repository: " + text::printable(top)
                       : "give the directory that holds .git, or make one: git init, git add, git "
                         "commit");
  }
  return fail(ErrorKind::submission, "this repository cannot be opened: " + git::last_message(),
              source.text, "check it with `git fsck`");
}

/// Objects of other repositories must not become part of a submission.
Result<void> refuse_alternates(git_repository* repository, const Source& source) {
  const fs::path objects = fs::path(git_repository_commondir(repository)) / "objects";
  std::error_code error;
  const bool borrowed = fs::is_symlink(objects, error) ||
                        fs::exists(fs::symlink_status(objects / "info" / "alternates", error)) ||
                        fs::exists(fs::symlink_status(objects / "info" / "http-alternates", error));
  if (!borrowed) return {};
  return fail(ErrorKind::submission, "this repository borrows objects from another one",
              source.text, "make it whole: git repack -a -d && rm .git/objects/info/alternates");
}

Result<void> open_database(Submission::Impl& impl, const std::string& directory) {
  const Source& source = impl.source;
  std::error_code error;
  if (!fs::exists(directory, error)) {
    return fail(ErrorKind::submission, "there is no such directory", source.text,
                "check the spelling of the path");
  }
  if (!fs::is_directory(directory, error)) {
    return fail(ErrorKind::submission, "this is not a directory", source.text,
                "unpack an archive first; give the directory that holds .git");
  }
  if (auto plain = check_layout(source, directory); !plain) return plain;
  git_repository* repository = nullptr;
  const int status = git_repository_open_ext(&repository, directory.c_str(),
                                             GIT_REPOSITORY_OPEN_NO_SEARCH, nullptr);
  if (status != 0) return not_opened(source, directory, status);
  impl.repository.reset(repository);
  if (auto done = refuse_alternates(repository, source); !done) return done;
  impl.odb = git::made<git::Odb>(git_repository_odb, repository);
  if (!impl.odb) return not_opened(source, directory, GIT_ERROR);
  impl.shallow = git_repository_is_shallow(repository) == 1;
  return check_objects(impl.odb.get(), impl.limits, source.text);
}

}  // namespace

Result<Submission> open_submission(const Source& source, const std::string& directory,
                                   const std::string& ref, const Limits& limits, Scratch scratch) {
  git::start();
  auto impl = std::make_unique<Submission::Impl>();
  impl->scratch = std::move(scratch);
  impl->source = source;
  impl->limits = limits;
  if (auto done = open_database(*impl, directory); !done) return tl::unexpected(done.error());
  auto resolved = ref.empty() ? resolve_default(*impl) : resolve_ref(*impl, ref);
  if (resolved && !ref.empty()) resolved = read_tree(*impl);
  if (!resolved) return tl::unexpected(resolved.error());
  if (source.had_credentials) {
    impl->warnings.push_back({"credentials_in_url",
                              "the user name or password in the URL was not used: credentials come "
                              "from a credentials file or GRADER_TOKEN"});
  }
  if (impl->shallow) {
    impl->warnings.push_back({"shallow", "this is a shallow clone: the older history is missing"});
  }
  note_uncommitted(*impl, directory);
  return Submission(std::move(impl));
}

}  // namespace grader::submission
