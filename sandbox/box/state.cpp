#include "sandbox/box/state.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>

#include "grader/base/process.hpp"
#include "sandbox/box/runtime.hpp"
#include "sandbox/box/sweep.hpp"

namespace grader::sandbox {
namespace {

namespace fs = std::filesystem;

/// Names below it are secret to others by their randomness only, so they hold nothing secret; the
/// box's user needs to enter.
constexpr mode_t enter_only = 0711;

Result<fs::path> make_base() {
  const fs::path base = "/run/grader-" + std::to_string(geteuid());
  mkdir(base.c_str(), enter_only);
  struct stat facts{};
  if (lstat(base.c_str(), &facts) != 0 || !S_ISDIR(facts.st_mode) || facts.st_uid != geteuid())
    return fail(ErrorKind::sandbox, "the state directory of boxes cannot be made", base.string(),
                "make /run writable for root, and remove what stands there under this name");
  chmod(base.c_str(), enter_only);
  return base;
}

Result<Descriptor> locked(const fs::path& file) {
  Descriptor lock(open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!lock.valid() || flock(lock.get(), LOCK_EX) != 0)
    return fail(ErrorKind::sandbox, std::string("cannot lock: ") + std::strerror(errno),
                file.string());
  return lock;
}

Result<std::string> new_token(const fs::path& base) {
  auto family = token_family(base);
  if (!family) return family;
  std::uint32_t random = 0;
  if (getrandom(&random, sizeof random, 0) != sizeof random)
    return fail(ErrorKind::sandbox, "no random number");
  return *family + std::to_string(random);
}

}  // namespace

Result<std::shared_ptr<HostState>> HostState::open() {
  if (geteuid() != 0)
    return fail(ErrorKind::sandbox, "boxes can be made by root only", "",
                "run this as root, or grade without boxes: --static --no-lint");
  if (auto found = runtime::find(); !found) return tl::unexpected(found.error());
  auto cgroups = Cgroups::find();
  if (!cgroups) return tl::unexpected(cgroups.error());
  auto base = make_base();
  if (!base) return tl::unexpected(base.error());
  // Held while tokens come and go: nobody sees one that is not locked yet.
  auto gate = locked(*base / ".lock");
  if (!gate) return tl::unexpected(gate.error());
  sweep(*base, *cgroups);
  auto token = new_token(*base);
  if (!token) return tl::unexpected(token.error());
  const fs::path directory = *base / *token;
  bool made = mkdir(directory.c_str(), enter_only) == 0;
  for (const char* name : {"roots", "volumes"})
    made = made && mkdir((directory / name).c_str(), enter_only) == 0;
  for (const char* name : {"runc", "boxes"})
    made = made && mkdir((directory / name).c_str(), 0700) == 0;
  if (!made)
    return fail(ErrorKind::sandbox, std::string("cannot make it: ") + std::strerror(errno),
                directory.string(), "make room below /run");
  auto lock = locked(directory / "lock");
  if (!lock) return tl::unexpected(lock.error());
  // Process 1 of a box becomes our child when the runtime that made it ends, so that its exit
  // status comes to us.
  prctl(PR_SET_CHILD_SUBREAPER, 1);
  return std::shared_ptr<HostState>(
      new HostState(directory, std::move(*lock), std::move(*cgroups), std::move(*token)));
}

HostState::HostState(fs::path directory, Descriptor lock, Cgroups cgroups, std::string token)
    : directory_(std::move(directory)),
      lock_(std::move(lock)),
      cgroups_(std::move(cgroups)),
      token_(std::move(token)) {}

HostState::~HostState() { remove_token(directory_, cgroups_); }

std::string HostState::next_id() { return box_prefix(token_) + std::to_string(++boxes_); }

Result<fs::path> HostState::mounted_root(const fs::path& root) {
  const std::lock_guard guard(mutex_);
  if (const auto known = roots_.find(root); known != roots_.end()) return known->second;
  const fs::path target = directory_ / "roots" / std::to_string(roots_.size());
  if (mkdir(target.c_str(), enter_only) != 0 && errno != EEXIST)
    return fail(ErrorKind::sandbox, std::strerror(errno), target.string());
  process::Command mount;
  mount.argv = {"mount", "-o", "bind,ro,nosuid,nodev", "--", root.string(), target.string()};
  mount.environment = {"PATH=/usr/sbin:/usr/bin:/sbin:/bin"};
  mount.ignore_interrupt = true;
  auto outcome = process::run(mount);
  if (!outcome || !outcome->ok())
    return fail(ErrorKind::sandbox,
                "the root file system cannot be mounted: " + (outcome ? outcome->err : ""),
                root.string(), "run as root with the right to mount (CAP_SYS_ADMIN)");
  roots_[root] = target;
  return target;
}

fs::path cache_folder() {
  const auto value = [](const char* name) -> std::string {
    const char* text = std::getenv(name);
    return text == nullptr ? "" : text;
  };
  if (const auto cache = value("XDG_CACHE_HOME"); cache.starts_with('/'))
    return fs::path(cache) / "grader";
  if (const auto home = value("HOME"); home.starts_with('/'))
    return fs::path(home) / ".cache/grader";
  return "/var/cache/grader";
}

}  // namespace grader::sandbox
