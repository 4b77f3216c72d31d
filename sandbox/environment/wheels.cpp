#include "sandbox/environment/wheels.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>

#include "grader/base/text.hpp"

namespace grader::sandbox {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view letters =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
constexpr std::size_t name_limit = 200;

bool consists_of(std::string_view text, std::string_view more) {
  return std::ranges::all_of(
      text, [&](char c) { return letters.find(c) != letters.npos || more.find(c) != more.npos; });
}

bool is_digest(std::string_view text) {
  return text.size() == 64 && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

tl::unexpected<Error> cannot_write(const fs::path& path) {
  return fail(ErrorKind::sandbox, "the cache of distributions cannot be written", path.string(),
              "free some disk space, or set XDG_CACHE_HOME to another folder");
}

}  // namespace

bool is_sound(const Wheel& wheel) {
  const auto plain = [](std::string_view text) {
    return !text.empty() && text.size() <= name_limit && text.front() != '.' &&
           text.front() != '-' && consists_of(text, "._-+!");
  };
  const bool known = wheel.file.ends_with(".whl") || wheel.file.ends_with(".tar.gz") ||
                     wheel.file.ends_with(".zip");
  return is_digest(wheel.sha256) && plain(wheel.file) && known && plain(wheel.name) &&
         plain(wheel.version);
}

std::string WheelStore::place_of(const Wheel& wheel) { return wheel.sha256 + "/" + wheel.file; }

bool WheelStore::has(const Wheel& wheel) const {
  std::error_code failed;
  return fs::is_regular_file(folder_ / place_of(wheel), failed);
}

std::vector<std::string> WheelStore::digests() const {
  std::vector<std::string> found;
  std::error_code failed;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder_, failed)) {
    std::string name = entry.path().filename();
    if (is_digest(name)) found.push_back(std::move(name));
  }
  std::ranges::sort(found);
  return found;
}

Result<void> WheelStore::add(const Wheel& wheel, std::string_view bytes) const {
  if (!is_sound(wheel))
    return fail(ErrorKind::sandbox, "a distribution has no sound name", wheel.name);
  if (text::sha256(bytes) != wheel.sha256) {
    return fail(ErrorKind::sandbox, "a distribution has another digest than the index says",
                wheel.file);
  }
  std::error_code failed;
  const fs::path target = folder_ / place_of(wheel);
  fs::create_directories(target.parent_path(), failed);
  // Written beside and renamed: another grader sees the whole file or none.
  const fs::path partial = target.string() + "." + std::to_string(::getpid());
  std::ofstream file(partial, std::ios::binary);
  file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  file.close();
  if (!file) {
    fs::remove(partial, failed);
    return cannot_write(target);
  }
  // The user of boxes reads it through a mount.
  ::chmod(partial.c_str(), 0644);
  ::chmod(target.parent_path().c_str(), 0755);
  fs::rename(partial, target, failed);
  if (failed) return cannot_write(target);
  return {};
}

}  // namespace grader::sandbox
