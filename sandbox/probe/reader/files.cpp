#include "sandbox/probe/reader/files.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <optional>

#include "grader/base/descriptor.hpp"

namespace grader::sandbox::reader {

namespace {

constexpr std::size_t file_cap = 48U << 20U;
constexpr std::size_t small_cap = 4U << 20U;
constexpr std::size_t count_cap = 64;
constexpr int visited_cap = 20'000;
constexpr int depth_cap = 24;

std::optional<std::string> read_regular(int folder, const char* name, std::size_t cap) {
  const Descriptor file(::openat(folder, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  struct stat about{};
  if (!file.valid() || ::fstat(file.get(), &about) != 0 || !S_ISREG(about.st_mode) ||
      about.st_nlink != 1 || static_cast<std::size_t>(about.st_size) > cap) {
    return std::nullopt;
  }
  std::string bytes(static_cast<std::size_t>(about.st_size), '\0');
  std::size_t at = 0;
  while (at < bytes.size()) {
    const ssize_t got = ::read(file.get(), &bytes[at], bytes.size() - at);
    if (got <= 0) break;
    at += static_cast<std::size_t>(got);
  }
  bytes.resize(at);
  return bytes;
}

/// The entries of a folder, without "." and "..".
std::vector<std::string> names_in(int folder) {
  std::vector<std::string> names;
  const int again = ::openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  DIR* list = again < 0 ? nullptr : ::fdopendir(again);
  if (list == nullptr) return names;
  while (const dirent* entry = ::readdir(list)) {  // NOLINT(concurrency-mt-unsafe): one thread
    const std::string name = entry->d_name;
    if (name != "." && name != ".." && names.size() < visited_cap) names.push_back(name);
  }
  ::closedir(list);
  return names;
}

Descriptor open_folder(int parent, const char* name) {
  return Descriptor(::openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
}

bool write_regular(int folder, const std::string& name, const std::string& bytes) {
  const Descriptor file(::openat(folder, name.c_str(),
                                 O_WRONLY | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0644));
  if (!file.valid()) return false;
  std::size_t at = 0;
  while (at < bytes.size()) {
    const ssize_t written = ::write(file.get(), &bytes[at], bytes.size() - at);
    if (written <= 0) return false;
    at += static_cast<std::size_t>(written);
  }
  return ::ftruncate(file.get(), static_cast<off_t>(bytes.size())) == 0;
}

void walk_below(const Descriptor& folder, const std::string& path, int depth, int& visited,
                Visitor& visitor) {
  for (const std::string& name : names_in(folder.get())) {
    if (++visited > visited_cap) return;
    const std::string below = path.empty() ? name : path + "/" + name;
    if (const auto bytes = read_regular(folder.get(), name.c_str(), small_cap)) {
      visitor.file(below, *bytes);
    } else if (depth < depth_cap) {
      const Descriptor inner = open_folder(folder.get(), name.c_str());
      if (inner.valid()) walk_below(inner, below, depth + 1, visited, visitor);
    }
  }
}

}  // namespace

Files read_files(const std::string& folder) {
  Files files;
  const Descriptor top = open_folder(AT_FDCWD, folder.c_str());
  if (!top.valid()) return files;
  for (const std::string& name : names_in(top.get())) {
    if (files.size() >= count_cap) break;
    if (auto bytes = read_regular(top.get(), name.c_str(), file_cap))
      files.emplace(name, std::move(*bytes));
  }
  return files;
}

bool write_files(const std::string& folder, const Files& files) {
  const Descriptor top = open_folder(AT_FDCWD, folder.c_str());
  if (!top.valid()) return false;
  for (const std::string& name : names_in(top.get())) {
    if (!files.contains(name)) ::unlinkat(top.get(), name.c_str(), 0);
  }
  bool written = true;
  for (const auto& [name, bytes] : files)
    written = write_regular(top.get(), name, bytes) && written;
  return written;
}

void walk(const std::string& folder, Visitor& visitor) {
  const Descriptor top = open_folder(AT_FDCWD, folder.c_str());
  int visited = 0;
  if (top.valid()) walk_below(top, "", 0, visited, visitor);
}

}  // namespace grader::sandbox::reader
