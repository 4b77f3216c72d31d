#include "grader/submission/scratch.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <system_error>
#include <utility>

namespace grader::submission {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view prefix = "grader-submission-";

std::string temporary_directory(const std::string& parent) {
  if (!parent.empty()) return parent;
  const char* chosen = std::getenv("TMPDIR");  // NOLINT(concurrency-mt-unsafe)
  return chosen != nullptr && *chosen == '/' ? chosen : "/tmp";
}

/// The directory itself, locked; -1 where somebody has the lock or it is not ours.
int lock_directory(const std::string& path) {
  const int fd = open(path.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  if (fd < 0) return -1;
  struct stat status{};
  const bool ours = fstat(fd, &status) == 0 && status.st_uid == geteuid();
  if (ours && flock(fd, LOCK_EX | LOCK_NB) == 0) return fd;
  close(fd);
  return -1;
}

void sweep(const std::string& parent) {
  std::error_code error;
  for (fs::directory_iterator entry(parent, error), end; !error && entry != end;
       entry.increment(error)) {
    if (!entry->path().filename().string().starts_with(prefix)) continue;
    const int fd = lock_directory(entry->path().string());
    if (fd < 0) continue;
    std::error_code ignored;
    fs::remove_all(entry->path(), ignored);
    close(fd);
  }
}

}  // namespace

Scratch::Scratch(Scratch&& other) noexcept
    : path_(std::exchange(other.path_, {})), lock_(std::exchange(other.lock_, -1)) {}

Scratch& Scratch::operator=(Scratch&& other) noexcept {
  if (this == &other) return *this;
  remove();
  path_ = std::exchange(other.path_, {});
  lock_ = std::exchange(other.lock_, -1);
  return *this;
}

Scratch::~Scratch() { remove(); }

Result<Scratch> Scratch::make(const std::string& parent) {
  const std::string root = temporary_directory(parent);
  sweep(root);
  // Another run's sweep may take a directory between its making and its locking.
  for (int tries = 0; tries < 10; ++tries) {
    std::string path = root + "/" + std::string(prefix) + "XXXXXX";
    if (mkdtemp(path.data()) == nullptr) {
      return fail(ErrorKind::submission,
                  "no temporary directory can be made: " + std::generic_category().message(errno),
                  root, "free some space there or set TMPDIR to a directory that can be written");
    }
    Scratch scratch;
    scratch.path_ = path;
    scratch.lock_ = lock_directory(path);
    std::error_code error;
    if (scratch.lock_ >= 0 && fs::exists(path, error)) return scratch;
  }
  return fail(ErrorKind::internal, "no temporary directory can be locked", root);
}

void Scratch::remove() noexcept {
  if (path_.empty()) return;
  std::error_code ignored;
  fs::remove_all(path_, ignored);
  if (lock_ >= 0) close(lock_);
  path_.clear();
  lock_ = -1;
}

}  // namespace grader::submission
