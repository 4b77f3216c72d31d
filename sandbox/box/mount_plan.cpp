#include "sandbox/box/mount_plan.hpp"

#include <algorithm>
#include <set>

namespace grader::sandbox {
namespace {

namespace fs = std::filesystem;

tl::unexpected<Error> wrong(const std::string& what, const std::string& target) {
  return fail(ErrorKind::internal, what, "mount " + target);
}

std::string tmpfs_size(std::uint64_t bytes) { return "size=" + std::to_string(bytes); }

/// Inodes cost memory too: no more than one for each page.
std::string tmpfs_inodes(std::uint64_t bytes) {
  return "nr_inodes=" + std::to_string(std::max<std::uint64_t>(bytes / 4096, 1024));
}

PlannedMount writable_tmpfs(const std::string& target, std::uint64_t bytes) {
  return {"tmpfs",
          "tmpfs",
          target,
          {"nosuid", "nodev", "mode=1777", tmpfs_size(bytes), tmpfs_inodes(bytes)}};
}

PlannedMount read_only_tmpfs(const std::string& target) {
  return {"tmpfs",
          "tmpfs",
          target,
          {"nosuid", "nodev", "noexec", "ro", "mode=755", "size=64k", "nr_inodes=1k"}};
}

bool below(const std::string& path, const std::string& parent) {
  return path.starts_with(parent + "/");
}

class Planner {
 public:
  Planner(const fs::path& root, const fs::path& volumes) : root_(root), volumes_(volumes) {
    planned_.push_back({"proc", "proc", "/proc", {"nosuid", "noexec", "nodev"}});
    planned_.push_back(
        {"tmpfs", "tmpfs", "/dev", {"nosuid", "noexec", "ro", "mode=755", "size=64k"}});
  }

  void add_temporary(std::uint64_t bytes) {
    planned_.push_back(writable_tmpfs("/dev/shm", bytes));
    planned_.back().options.emplace_back("noexec");
    const auto is_tmp = [](const PlannedMount& mount) { return mount.target == "/tmp"; };
    if (std::none_of(planned_.begin(), planned_.end(), is_tmp))
      planned_.push_back(writable_tmpfs("/tmp", bytes));
  }

  Result<void> add(const Mount& mount) {
    const std::string& target = mount.target;
    if (target.size() < 2 || target != fs::path("/" + target).lexically_normal().string() ||
        target.ends_with('/'))
      return wrong("the target is not an absolute, plain path", target);
    for (const std::string kept : {"/proc", "/dev", "/sys"})
      if (target == kept || below(target, kept)) return wrong("the target is not free", target);
    auto planned = translate(mount);
    if (!planned) return tl::unexpected(planned.error());
    const bool directory = mount.source.empty() || fs::is_directory(planned->source);
    if (auto placed = place(target, directory); !placed) return placed;
    planned_.push_back(std::move(*planned));
    return {};
  }

  std::vector<PlannedMount> take() { return std::move(planned_); }

 private:
  Result<PlannedMount> translate(const Mount& mount) const {
    if (mount.source.empty()) {
      if (mount.read_only) return read_only_tmpfs(mount.target);
      return writable_tmpfs(mount.target, mount.size);
    }
    std::error_code error;
    const fs::path source = fs::canonical(mount.source, error);
    if (error) return wrong("cannot be mounted: " + mount.source, mount.target);
    if (!mount.read_only && !below(source.string(), volumes_.string()))
      return wrong("only a volume can be mounted writable, not " + mount.source, mount.target);
    PlannedMount planned{"bind", source.string(), mount.target, {"bind", "nosuid", "nodev"}};
    planned.options.emplace_back(mount.read_only ? "ro" : "rw");
    return planned;
  }

  /// The mount that covers `path`, or nothing where the root file system shows.
  const PlannedMount* mounted_at(const std::string& path) const {
    for (const PlannedMount& mount : planned_)
      if (mount.target == path) return &mount;
    return nullptr;
  }

  /// Makes sure that `target` will exist when its turn comes.
  Result<void> place(const std::string& target, bool directory) {
    if (mounted_at(target) != nullptr) return wrong("two mounts at one target", target);
    fs::path parent = "/";
    for (const fs::path& part : fs::path(target).relative_path()) {
      if (const PlannedMount* cover = mounted_at(parent.string())) {
        if (cover->type == "tmpfs") return {};
        return wrong("the target lies inside another mount, " + cover->target, target);
      }
      const fs::path path = parent / part;
      const fs::file_status status = fs::symlink_status(root_ / path.relative_path());
      if (fs::is_symlink(status))
        return wrong(path.string() + " is a link in the root file system", target);
      if (!fs::exists(status)) return place_below(parent, target);
      if (path == target && fs::is_directory(status) != directory)
        return wrong("a directory on a file, or a file on a directory", target);
      parent = path;
    }
    return {};
  }

  Result<void> place_below(const fs::path& parent, const std::string& target) {
    std::error_code error;
    if (parent == "/" || !fs::is_empty(root_ / parent.relative_path(), error) || error)
      return wrong("no such place in the root file system, and no empty directory above it",
                   target);
    planned_.push_back(read_only_tmpfs(parent.string()));
    return {};
  }

  fs::path root_;
  fs::path volumes_;
  std::vector<PlannedMount> planned_;
};

}  // namespace

Result<std::vector<PlannedMount>> plan_mounts(const BoxSpec& spec, const fs::path& volumes) {
  std::vector<Mount> mounts = spec.mounts;
  std::stable_sort(mounts.begin(), mounts.end(),
                   [](const Mount& a, const Mount& b) { return a.target < b.target; });
  Planner planner(spec.root, volumes);
  for (const Mount& mount : mounts)
    if (auto added = planner.add(mount); !added) return tl::unexpected(added.error());
  planner.add_temporary(spec.limits.temporary);
  return planner.take();
}

}  // namespace grader::sandbox
