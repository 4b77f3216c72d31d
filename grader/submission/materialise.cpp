#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "grader/base/descriptor.hpp"
#include "grader/base/interrupt.hpp"
#include "grader/base/text.hpp"
#include "grader/submission/impl.hpp"

namespace grader::submission {
namespace {

constexpr mode_t plain = 0644;
constexpr mode_t runnable = 0755;

/// Writes below one directory. Every folder is made by us, opened without following links and kept
/// open while the paths (which are sorted) stay inside it.
class Writer {
 public:
  Writer(const Submission::Impl& impl, int top) : impl_(impl), top_(top) {}

  Result<void> write(const TreeEntry& entry) {
    if (interrupt::requested()) return fail(ErrorKind::interrupted, "interrupted");
    if (impl_.missing.contains(entry.path)) return {};
    const auto slash = entry.path.rfind('/');
    const bool nested = slash != std::string::npos;
    const auto folder = enter(nested ? std::string_view(entry.path).substr(0, slash) : "");
    if (!folder) return tl::unexpected(folder.error());
    const std::string name = nested ? entry.path.substr(slash + 1) : entry.path;
    if (entry.mode == Mode::submodule) return make_folder(*folder, name, entry.path);
    if (entry.mode == Mode::symlink) return write_link(*folder, name, entry);
    return write_file(*folder, name, entry);
  }

 private:
  struct Folder {
    std::string name;
    Descriptor fd;
  };

  static tl::unexpected<Error> refused(std::string_view path) {
    const int code = errno;
    return fail(ErrorKind::submission,
                "the tree cannot be written: " + std::generic_category().message(code),
                show_path(path), code == ENOSPC ? "free some space" : "");
  }

  static Result<void> make_folder(int parent, const std::string& name, std::string_view path) {
    if (mkdirat(parent, name.c_str(), runnable) != 0) return refused(path);
    // The mode must not depend on the user's umask.
    if (fchmodat(parent, name.c_str(), runnable, 0) != 0) return refused(path);
    return {};
  }

  int innermost() const { return open_.empty() ? top_ : open_.back().fd.get(); }

  Result<int> enter(std::string_view path) {
    const auto parts = path.empty() ? std::vector<std::string_view>{} : text::split(path, '/');
    std::size_t shared = 0;
    while (shared < open_.size() && shared < parts.size() && open_[shared].name == parts[shared]) {
      ++shared;
    }
    open_.resize(shared);
    for (; shared < parts.size(); ++shared) {
      const std::string name(parts[shared]);
      // Byte order of paths puts "a-b" between "a/x" and "a": a folder may be met again.
      if (mkdirat(innermost(), name.c_str(), runnable) != 0) {
        if (errno != EEXIST) return refused(path);
      } else if (fchmodat(innermost(), name.c_str(), runnable, 0) != 0) {
        return refused(path);
      }
      Descriptor fd(
          openat(innermost(), name.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
      if (!fd.valid()) return refused(path);
      open_.push_back({name, std::move(fd)});
    }
    return innermost();
  }

  Result<std::string> bytes_of(const TreeEntry& entry) const {
    const auto oid = git::from_hex(entry.oid);
    if (!oid) return fail(ErrorKind::internal, "no object id: " + entry.oid);
    return read_blob(impl_.odb.get(), *oid, impl_.limits.file_bytes, entry.path);
  }

  Result<void> write_link(int folder, const std::string& name, const TreeEntry& entry) {
    if (impl_.unsafe_links.contains(entry.path)) return {};
    const auto target = bytes_of(entry);
    if (!target) return tl::unexpected(target.error());
    if (symlinkat(target->c_str(), folder, name.c_str()) != 0) return refused(entry.path);
    return {};
  }

  Result<void> write_file(int folder, const std::string& name, const TreeEntry& entry) {
    if (entry.size > impl_.limits.file_bytes) return {};
    written_ += entry.size;
    if (written_ > impl_.limits.tree_bytes) {
      return fail(ErrorKind::submission,
                  fmt::format("this submission is over a limit: its files have more than {} MiB",
                              impl_.limits.tree_bytes >> 20U),
                  impl_.source.text,
                  "ask the candidate for a repository that holds only the assignment");
    }
    const auto bytes = bytes_of(entry);
    if (!bytes) return tl::unexpected(bytes.error());
    const mode_t mode = entry.mode == Mode::executable ? runnable : plain;
    const Descriptor fd(
        openat(folder, name.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode));
    if (!fd.valid() || fchmod(fd.get(), mode) != 0) return refused(entry.path);
    std::string_view rest = *bytes;
    while (!rest.empty()) {
      const auto count = ::write(fd.get(), rest.data(), rest.size());
      if (count < 0 && errno == EINTR) continue;
      if (count < 0) return refused(entry.path);
      rest.remove_prefix(static_cast<std::size_t>(count));
    }
    return {};
  }

  const Submission::Impl& impl_;
  int top_;
  std::vector<Folder> open_;
  std::uint64_t written_ = 0;
};

}  // namespace

Result<void> Submission::materialise(int directory_fd) const {
  Writer writer(*impl_, directory_fd);
  for (const auto& entry : impl_->entries) {
    if (auto done = writer.write(entry); !done) return done;
  }
  return {};
}

}  // namespace grader::submission
