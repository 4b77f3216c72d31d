#include "sandbox/box/copy_out.hpp"

#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "grader/base/descriptor.hpp"

namespace grader::sandbox {
namespace {

Copied refused(std::string reason) { return {Copied::Status::refused, {}, std::move(reason)}; }

Descriptor open_beneath(int root, const std::string& name) {
  open_how how{};
  how.flags = O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC | O_NOCTTY;
  how.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS | RESOLVE_NO_XDEV;
  return Descriptor(static_cast<int>(syscall(SYS_openat2, root, name.c_str(), &how, sizeof how)));
}

/// At most `cap` + 1 bytes: a file that still grows must not be read without end.
bool read_all(int file, std::uint64_t cap, std::string& bytes) {
  std::array<char, 65536> buffer{};
  while (bytes.size() <= cap) {
    const ssize_t count = read(file, buffer.data(), buffer.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return false;
    if (count == 0) return true;
    bytes.append(buffer.data(), static_cast<std::size_t>(count));
  }
  return true;
}

}  // namespace

Copied copy_out(const std::filesystem::path& root, std::string_view name, std::uint64_t cap) {
  const Descriptor top(open(root.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  if (!top.valid()) return {Copied::Status::absent, {}, "the directory is gone"};
  if (name.find('\0') != std::string_view::npos) return refused("NUL in the name");
  const Descriptor file = open_beneath(top.get(), std::string(name));
  if (!file.valid()) {
    if (errno == ENOENT || errno == ENOTDIR) return {Copied::Status::absent, {}, "no such file"};
    return refused(std::strerror(errno));
  }
  struct stat facts{};
  if (fstat(file.get(), &facts) != 0) return refused(std::strerror(errno));
  if (!S_ISREG(facts.st_mode)) return refused("not a regular file");
  if (facts.st_nlink != 1) return refused("the file has several names");
  const auto too_large = "larger than " + std::to_string(cap) + " bytes";
  if (static_cast<std::uint64_t>(facts.st_size) > cap) return refused(too_large);
  Copied result{Copied::Status::copied, {}, {}};
  if (!read_all(file.get(), cap, result.bytes)) return refused(std::strerror(errno));
  if (result.bytes.size() > cap) return refused(too_large);
  return result;
}

}  // namespace grader::sandbox
