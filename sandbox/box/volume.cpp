#include "sandbox/box/volume.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <linux/loop.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>

#include "grader/base/log.hpp"
#include "grader/base/process.hpp"
#include "sandbox/box/oci_config.hpp"
#include "sandbox/box/sweep.hpp"

namespace grader::sandbox {
namespace {

namespace fs = std::filesystem;

constexpr unsigned long mount_flags = MS_NOSUID | MS_NODEV | MS_NOATIME;

/// A file without a name: nothing can leave it behind. Invalid where the disk has no room.
Descriptor make_image(std::uint64_t bytes) {
  std::error_code ignored;
  fs::create_directories(cache_folder(), ignored);
  Descriptor image(open(cache_folder().c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600));
  struct statvfs facts{};
  if (!image.valid() || fstatvfs(image.get(), &facts) != 0) return {};
  // It is sparse: were the disk to fill up later, the box would see errors that are ours.
  if (facts.f_bavail * facts.f_frsize < bytes + (bytes / 8)) return {};
  if (ftruncate(image.get(), static_cast<off_t>(bytes)) != 0) return {};
  return image;
}

/// Without a journal: the file system dies with its box.
bool make_ext4(const Descriptor& image, std::uint64_t bytes) {
  process::Command command;
  command.argv = {"mkfs.ext4",
                  "-q",
                  "-F",
                  "-b",
                  "4096",
                  "-O",
                  "^has_journal",
                  "-m",
                  "0",
                  "-E",
                  fmt::format("lazy_itable_init=1,nodiscard,root_owner={0}:{0}", host_user_id),
                  "-N",
                  std::to_string(std::max<std::uint64_t>(bytes / 8192, 2048)),
                  "/proc/self/fd/3"};
  command.environment = {"PATH=/usr/sbin:/usr/bin:/sbin:/bin"};
  command.inherit = {image.get()};
  const auto outcome = process::run(command);
  return outcome && outcome->ok();
}

/// A loop device that frees itself when it is unmounted.
Descriptor attach(const Descriptor& image, bool read_only) {
  const Descriptor control(open("/dev/loop-control", O_RDWR | O_CLOEXEC));
  if (!control.valid()) return {};
  // Another process may take the free one between the two calls.
  for (int attempt = 0; attempt < 16; ++attempt) {
    const int number = ioctl(control.get(), LOOP_CTL_GET_FREE);
    if (number < 0) return {};
    const int access = read_only ? O_RDONLY : O_RDWR;
    Descriptor device(open(fmt::format("/dev/loop{}", number).c_str(), access | O_CLOEXEC));
    if (!device.valid()) return {};
    loop_config config{};
    config.fd = static_cast<std::uint32_t>(image.get());
    config.info.lo_flags = LO_FLAGS_AUTOCLEAR;
    if (read_only) config.info.lo_flags |= LO_FLAGS_READ_ONLY;
    if (ioctl(device.get(), LOOP_CONFIGURE, &config) == 0) return device;
    if (errno != EBUSY) return {};
  }
  return {};
}

bool mount_image(const Descriptor& image, const fs::path& target, bool read_only) {
  const Descriptor device = attach(image, read_only);
  if (!device.valid()) return false;
  const std::string name = fs::read_symlink(fmt::format("/proc/self/fd/{}", device.get()));
  const unsigned long flags = read_only ? mount_flags | MS_RDONLY : mount_flags;
  return mount(name.c_str(), target.c_str(), "ext4", flags, "") == 0;
}

/// The image of what is mounted now; invalid where it could not be had.
Descriptor mount_on_disk(const fs::path& target, std::uint64_t bytes) {
  Descriptor image = make_image(bytes);
  if (!image.valid() || !make_ext4(image, bytes) || !mount_image(image, target, false)) return {};
  rmdir((target / "lost+found").c_str());
  return image;
}

bool mount_in_memory(const fs::path& target, std::uint64_t bytes) {
  const std::string options =
      fmt::format("size={},nr_inodes={},mode=755,uid={},gid={}", bytes,
                  std::max<std::uint64_t>(bytes / 4096, 1024), host_user_id, host_user_id);
  return mount("grader", target.c_str(), "tmpfs", mount_flags, options.c_str()) == 0;
}

}  // namespace

VolumeImpl::~VolumeImpl() {
  if (path.empty()) return;
  unmount(path);
  rmdir(path.c_str());
}

namespace {

/// With a mount point of its own and nothing mounted there.
Result<std::shared_ptr<VolumeImpl>> empty_volume(std::shared_ptr<HostState> state) {
  std::string name = (state->folder("volumes") / "XXXXXX").string();
  if (mkdtemp(name.data()) == nullptr || chmod(name.c_str(), 0711) != 0)
    return fail(ErrorKind::sandbox, std::strerror(errno), name);
  auto volume = std::make_shared<VolumeImpl>();
  volume->state = std::move(state);
  volume->path = name;
  return volume;
}

}  // namespace

Result<std::shared_ptr<const VolumeImpl>> make_volume(std::shared_ptr<HostState> state,
                                                      std::uint64_t bytes) {
  auto volume = empty_volume(std::move(state));
  if (!volume) return tl::unexpected(volume.error());
  const fs::path& path = (*volume)->path;
  (*volume)->image = mount_on_disk(path, bytes);
  (*volume)->on_disk = (*volume)->image.valid();
  if ((*volume)->on_disk) return *volume;
  log::debug("no loop device or no room on disk: scratch is in memory");
  if (!mount_in_memory(path, bytes))
    return fail(ErrorKind::sandbox,
                std::string("scratch cannot be mounted: ") + std::strerror(errno), path,
                "run as root with the right to mount (CAP_SYS_ADMIN)");
  return *volume;
}

Result<std::shared_ptr<const VolumeImpl>> open_volume(std::shared_ptr<HostState> state,
                                                      const fs::path& file) {
  auto volume = empty_volume(std::move(state));
  if (!volume) return tl::unexpected(volume.error());
  (*volume)->image = Descriptor(open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  (*volume)->on_disk =
      (*volume)->image.valid() && mount_image((*volume)->image, (*volume)->path, true);
  if (!(*volume)->on_disk)
    return fail(ErrorKind::sandbox, std::string("cannot be mounted: ") + std::strerror(errno), file,
                "remove the file: it is made anew when it is needed");
  return *volume;
}

Result<void> keep_volume(const VolumeImpl& volume, const fs::path& file) {
  const auto failed = [&] {
    return fail(ErrorKind::sandbox, std::string("cannot be kept: ") + std::strerror(errno), file);
  };
  if (!volume.on_disk) return fail(ErrorKind::sandbox, "cannot be kept: it is in memory", file);
  // This writes everything out and marks the file system clean.
  if (mount(nullptr, volume.path.c_str(), nullptr, MS_REMOUNT | MS_RDONLY | mount_flags, "") != 0)
    return failed();
  if (fsync(volume.image.get()) != 0) return failed();
  std::error_code ignored;
  fs::create_directories(file.parent_path(), ignored);
  const std::string partial = fmt::format("{}.{}", file.string(), getpid());
  const std::string image = fmt::format("/proc/self/fd/{}", volume.image.get());
  unlink(partial.c_str());
  if (linkat(AT_FDCWD, image.c_str(), AT_FDCWD, partial.c_str(), AT_SYMLINK_FOLLOW) != 0)
    return failed();
  if (rename(partial.c_str(), file.c_str()) == 0) return {};
  unlink(partial.c_str());
  return failed();
}

bool is_full(const fs::path& path) {
  struct statvfs facts{};
  if (statvfs(path.c_str(), &facts) != 0) return false;
  // ext4 refuses a write while some hundred blocks are left, which other processors may have
  // counted for themselves (EXT4_FREECLUSTERS_WATERMARK).
  const std::uint64_t slack = std::max<std::uint64_t>(facts.f_blocks / 64, 512);
  return facts.f_bavail <= std::min<std::uint64_t>(slack, facts.f_blocks / 16) ||
         facts.f_favail == 0;
}

const fs::path& Volume::path() const { return impl_->path; }

bool Volume::on_disk() const { return impl_->on_disk; }

bool Volume::full() const { return is_full(impl_->path); }

Result<void> Volume::keep(const fs::path& file) const { return keep_volume(*impl_, file); }

Copied Volume::copy_out(std::string_view name, std::uint64_t cap) const {
  return sandbox::copy_out(impl_->path, name, cap);
}

}  // namespace grader::sandbox
