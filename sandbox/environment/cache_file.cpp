#include "sandbox/environment/cache_file.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <fstream>

namespace grader::sandbox {

namespace fs = std::filesystem;

std::string read_cached(const fs::path& path, std::size_t cap) {
  std::ifstream file(path, std::ios::binary);
  std::string bytes;
  char part[1U << 16U];
  while (file && bytes.size() < cap) {
    file.read(part, sizeof part);
    bytes.append(part, static_cast<std::size_t>(file.gcount()));
  }
  if (bytes.size() > cap) bytes.resize(cap);
  return bytes;
}

void write_cached(const fs::path& path, std::string_view bytes, Readable readable) {
  std::error_code failed;
  fs::create_directories(path.parent_path(), failed);
  const fs::path partial = path.string() + "." + std::to_string(::getpid());
  std::ofstream file(partial, std::ios::binary);
  const bool closed = ::chmod(partial.c_str(), readable == Readable::by_boxes ? 0644 : 0600) == 0;
  file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  file.close();
  if (file && closed) fs::rename(partial, path, failed);
  if (!file || !closed || failed) fs::remove(partial, failed);
}

}  // namespace grader::sandbox
