#include "sandbox/box/sweep.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/mount.h>
#include <sys/stat.h>

#include <algorithm>
#include <fstream>
#include <sstream>
#include <vector>

#include "grader/base/descriptor.hpp"
#include "grader/base/log.hpp"
#include "grader/base/text.hpp"
#include "sandbox/box/runtime.hpp"

namespace grader::sandbox {
namespace {

namespace fs = std::filesystem;

/// Mount points below `directory`, the last mounted first.
std::vector<fs::path> mounts_below(const fs::path& directory) {
  std::ostringstream table;
  table << std::ifstream("/proc/self/mountinfo").rdbuf();
  const std::string content = table.str();
  std::vector<fs::path> result;
  for (const std::string_view line : text::lines(content)) {
    const auto fields = text::split(line, ' ');
    if (fields.size() > 4 && fields[4].starts_with(directory.string() + "/"))
      result.emplace_back(fields[4]);
  }
  std::reverse(result.begin(), result.end());
  return result;
}

bool is_alive(const fs::path& token) {
  const Descriptor lock(open((token / "lock").c_str(), O_RDWR | O_CLOEXEC | O_NOFOLLOW));
  return lock.valid() && flock(lock.get(), LOCK_EX | LOCK_NB) != 0;
}

}  // namespace

std::string box_prefix(std::string_view token) { return "grader-" + std::string(token) + "-"; }

Result<std::string> token_family(const fs::path& base) {
  struct stat facts{};
  if (stat(base.c_str(), &facts) != 0)
    return fail(ErrorKind::sandbox, "the state directory is gone", base.string());
  std::ostringstream family;
  family << std::hex << facts.st_dev << 'i' << facts.st_ino << 't';
  return family.str();
}

bool unmount(const fs::path& target) {
  return umount2(target.c_str(), UMOUNT_NOFOLLOW) == 0 ||
         umount2(target.c_str(), UMOUNT_NOFOLLOW | MNT_DETACH) == 0 || errno == EINVAL;
}

void remove_token(const fs::path& directory, const Cgroups& cgroups) {
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(directory / "runc", error))
    runtime::remove(directory / "runc", entry.path().filename().string());
  for (const std::string& group : cgroups.groups(box_prefix(directory.filename().string())))
    if (!cgroups.remove(group)) log::warning("the control group " + group + " cannot be removed");
  for (const fs::path& mount : mounts_below(directory)) unmount(mount);
  if (!mounts_below(directory).empty()) {
    log::warning("not removed, since something is still mounted there: " + directory.string());
    return;
  }
  fs::remove_all(directory, error);
}

void sweep(const fs::path& base, const Cgroups& cgroups) {
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(base, error)) {
    if (!entry.is_directory(error) || is_alive(entry.path())) continue;
    log::debug("sweeping what a killed grader left: " + entry.path().string());
    remove_token(entry.path(), cgroups);
  }
  // A runtime that was still making a box when its grader was killed, and then swept.
  const auto family = token_family(base);
  if (!family) return;
  for (const std::string& group : cgroups.groups("grader-" + *family)) {
    const auto parts = text::split(group, '-');
    if (parts.size() == 3 && !fs::exists(base / parts[1], error)) cgroups.remove(group);
  }
}

}  // namespace grader::sandbox
