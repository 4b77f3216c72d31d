#include "sandbox/doctor/cache.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <fstream>

#include "grader/base/interrupt.hpp"
#include "grader/base/process.hpp"
#include "grader/base/text.hpp"

namespace grader::sandbox {

namespace fs = std::filesystem;

namespace {

struct Part {
  const char* name;
  const char* what;
};
constexpr auto parts = std::to_array<Part>({
    {"rootfs", "root file systems of boxes"},
    {"environments", "finished Python environments"},
    {"wheels", "distributions that were fetched"},
    {"sources", "source distributions that were fetched"},
    {"built", "wheels that were built of sources"},
    {"resolutions", "what requirements were resolved to"},
    {"pages", "pages of the package index"},
    {"index", "what pip said of the package index"},
    {"proofs", "that boxes hold on this machine"},
});

std::uint64_t bytes_on_disk(const fs::path& path) {
  std::uint64_t bytes = 0;
  const auto add = [&](const fs::path& one) {
    struct stat facts{};
    if (lstat(one.c_str(), &facts) == 0) bytes += static_cast<std::uint64_t>(facts.st_blocks) * 512;
  };
  add(path);
  std::error_code failed;
  if (fs::is_symlink(path, failed) || !fs::is_directory(path, failed)) return bytes;
  for (fs::recursive_directory_iterator entry(path, failed), end; !failed && entry != end;
       entry.increment(failed)) {
    add(entry->path());
  }
  return bytes;
}

/// Since it was made or, of an environment, mounted last.
std::chrono::hours idle(const fs::path& path) {
  std::error_code failed;
  const auto written = fs::last_write_time(path, failed);
  if (failed) return std::chrono::hours(0);
  const auto age = fs::file_time_type::clock::now() - written;
  return std::max(std::chrono::duration_cast<std::chrono::hours>(age), std::chrono::hours(0));
}

/// Hidden names are locks.
std::vector<fs::path> entries_of(const fs::path& folder) {
  std::vector<fs::path> found;
  std::error_code failed;
  // A link may lead anywhere, and what is removed here is gone.
  if (fs::is_symlink(folder, failed)) return found;
  for (fs::directory_iterator entry(folder, failed), end; !failed && entry != end;
       entry.increment(failed)) {
    if (!entry->path().filename().string().starts_with('.')) found.push_back(entry->path());
  }
  std::ranges::sort(found);
  return found;
}

std::string digest_of(const fs::path& file) {
  constexpr std::uint64_t cap = 1ULL << 30U;
  std::error_code failed;
  const auto size = fs::file_size(file, failed);
  if (failed || size > cap) return {};
  std::string bytes(size, '\0');
  std::ifstream(file, std::ios::binary).read(bytes.data(), static_cast<std::streamsize>(size));
  return text::sha256(bytes);
}

/// Of folder/<sha256>/<file>; empty where it is as it should be.
std::string damage_of_distribution(const fs::path& folder) {
  const std::vector<fs::path> files = entries_of(folder);
  if (files.empty()) return "it is empty";
  for (const fs::path& file : files) {
    std::error_code failed;
    if (fs::is_symlink(file, failed) || !fs::is_regular_file(file, failed)) return "it is no file";
    if (digest_of(file) != folder.filename()) return "it has another digest than its name says";
  }
  return {};
}

std::string damage_of_environment(const fs::path& file) {
  process::Command command;
  command.argv = {"e2fsck", "-n", "-f", file.string()};
  command.environment = {"PATH=/usr/sbin:/usr/bin:/sbin:/bin"};
  command.wall = std::chrono::minutes(1);
  const Result<process::Outcome> outcome = process::run(command);
  if (!outcome || outcome->ok()) return {};
  return "its file system is damaged";
}

std::string damage_of_built(const fs::path& folder) {
  for (const fs::path& one : entries_of(folder)) {
    std::error_code failed;
    if (!fs::is_directory(one, failed)) continue;
    std::string why = damage_of_distribution(one);
    if (!why.empty()) return why;
  }
  return {};
}

void verify_part(const fs::path& folder, std::string (*damage_of)(const fs::path&),
                 Verified& result) {
  for (const fs::path& one : entries_of(folder)) {
    if (interrupt::requested()) return;
    ++result.entries;
    std::string why = damage_of(one);
    if (!why.empty()) result.damages.push_back({one, std::move(why)});
  }
}

}  // namespace

std::vector<CachePart> cache_parts(const fs::path& cache) {
  std::vector<CachePart> found;
  for (const Part& part : parts) {
    CachePart one{part.name, part.what};
    for (const fs::path& entry : entries_of(cache / part.name)) {
      ++one.entries;
      one.bytes += bytes_on_disk(entry);
      one.idle_days = std::max(one.idle_days, static_cast<int>(idle(entry).count() / 24));
    }
    found.push_back(std::move(one));
  }
  return found;
}

Pruned prune_cache(const fs::path& cache, std::chrono::hours unused, bool roots) {
  Pruned pruned;
  for (const Part& part : parts) {
    if (std::string_view(part.name) == "rootfs" && !roots) continue;
    for (const fs::path& entry : entries_of(cache / part.name)) {
      if (idle(entry) < unused) continue;
      const std::uint64_t bytes = bytes_on_disk(entry);
      std::error_code failed;
      fs::remove_all(entry, failed);
      if (failed) continue;
      ++pruned.entries;
      pruned.bytes += bytes;
    }
  }
  return pruned;
}

Verified verify_cache(const fs::path& cache, bool remove) {
  Verified result;
  verify_part(cache / "wheels", damage_of_distribution, result);
  verify_part(cache / "sources", damage_of_distribution, result);
  verify_part(cache / "built", damage_of_built, result);
  verify_part(cache / "environments", damage_of_environment, result);
  for (const Damage& damage : result.damages) {
    std::error_code failed;
    if (remove) fs::remove_all(damage.path, failed);
  }
  return result;
}

}  // namespace grader::sandbox
