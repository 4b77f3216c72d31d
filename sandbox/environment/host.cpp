#include "sandbox/environment/host.hpp"

#include <cstdlib>

namespace grader::sandbox {

namespace fs = std::filesystem;

namespace {

std::string variable(const char* name) {
  const char* value = std::getenv(name);  // NOLINT(concurrency-mt-unsafe): nobody sets any
  return value != nullptr ? value : "";
}

/// `name` in the build tree or the installation that the running program belongs to.
fs::path beside_program(const std::string& name) {
  std::error_code failed;
  const fs::path top = fs::read_symlink("/proc/self/exe", failed).parent_path().parent_path();
  for (const fs::path& place : {top / name, top / "share" / "grader" / name}) {
    if (fs::is_directory(place, failed)) return fs::canonical(place, failed);
  }
  return {};
}

}  // namespace

fs::path cache_of_user() {
  const std::string cache = variable("XDG_CACHE_HOME");
  if (cache.starts_with('/')) return fs::path(cache) / "grader";
  return fs::path(variable("HOME")) / ".cache" / "grader";
}

Result<Host> find_host() {
  Host host;
  host.tools = beside_program("tools");
  host.drivers = beside_program("driver");
  host.cache = cache_of_user();
  if (host.drivers.empty()) {
    return fail(ErrorKind::sandbox, "the programs that run inside boxes are missing", "",
                "run the grader by ./grade, or from where it was installed");
  }
  std::error_code failed;
  if (!fs::exists(host.tools / "bin" / "uv", failed)) {
    return fail(ErrorKind::sandbox, "the tools that run inside boxes are missing", "",
                "run ./grade once with a network, which fetches them");
  }
  return host;
}

Result<Host> prepare_host(const OnProgress& progress) {
  Result<Host> host = find_host();
  if (!host) return host;
  const Result<RootFileSystem> root = ensure_root_file_system(progress);
  if (!root) return tl::unexpected(root.error());
  host->root = root->path;
  host->root_digest = root->digest;
  return host;
}

}  // namespace grader::sandbox
