#include "sandbox/box/volume.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <linux/loop.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

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
Descriptor attach(const Descriptor& image) {
  const Descriptor control(open("/dev/loop-control", O_RDWR | O_CLOEXEC));
  if (!control.valid()) return {};
  // Another process may take the free one between the two calls.
  for (int attempt = 0; attempt < 16; ++attempt) {
    const int number = ioctl(control.get(), LOOP_CTL_GET_FREE);
    if (number < 0) return {};
    Descriptor device(open(fmt::format("/dev/loop{}", number).c_str(), O_RDWR | O_CLOEXEC));
    if (!device.valid()) return {};
    loop_config config{};
    config.fd = static_cast<std::uint32_t>(image.get());
    config.info.lo_flags = LO_FLAGS_AUTOCLEAR;
    if (ioctl(device.get(), LOOP_CONFIGURE, &config) == 0) return device;
    if (errno != EBUSY) return {};
  }
  return {};
}

bool mount_on_disk(const fs::path& target, std::uint64_t bytes) {
  const Descriptor image = make_image(bytes);
  if (!image.valid() || !make_ext4(image, bytes)) return false;
  const Descriptor device = attach(image);
  if (!device.valid()) return false;
  const std::string name = fs::read_symlink(fmt::format("/proc/self/fd/{}", device.get()));
  if (mount(name.c_str(), target.c_str(), "ext4", mount_flags, "") != 0) return false;
  rmdir((target / "lost+found").c_str());
  return true;
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

Result<std::shared_ptr<const VolumeImpl>> make_volume(std::shared_ptr<HostState> state,
                                                      std::uint64_t bytes) {
  std::string name = (state->folder("volumes") / "XXXXXX").string();
  if (mkdtemp(name.data()) == nullptr || chmod(name.c_str(), 0711) != 0)
    return fail(ErrorKind::sandbox, std::strerror(errno), name);
  auto volume = std::make_shared<VolumeImpl>();
  volume->state = std::move(state);
  volume->path = name;
  volume->on_disk = mount_on_disk(name, bytes);
  if (!volume->on_disk) log::debug("no loop device or no room on disk: scratch is in memory");
  if (!volume->on_disk && !mount_in_memory(name, bytes))
    return fail(ErrorKind::sandbox,
                std::string("scratch cannot be mounted: ") + std::strerror(errno), name,
                "run as root with the right to mount (CAP_SYS_ADMIN)");
  return volume;
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

Copied Volume::copy_out(std::string_view name, std::uint64_t cap) const {
  return sandbox::copy_out(impl_->path, name, cap);
}

}  // namespace grader::sandbox
