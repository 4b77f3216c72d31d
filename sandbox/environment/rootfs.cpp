#include "sandbox/environment/rootfs.hpp"

#include <fstream>

#include "grader/base/process.hpp"
#include "grader/base/text.hpp"
#include "sandbox/environment/build_rootfs.inc"

namespace grader::sandbox {
namespace {

using process::Outcome;

/// "rootfs: what\n  next: hint" as the script ends with; the lines between are details.
Error read_error(const Outcome& outcome) {
  Error error{ErrorKind::sandbox, "the root file system of boxes cannot be built", {}, {}};
  for (const std::string_view line : text::lines(outcome.err)) {
    if (line.starts_with("rootfs: ")) error.what = line.substr(8);
    if (line.starts_with("  next: ")) error.hint = line.substr(8);
  }
  if (outcome.status == Outcome::Status::interrupted) {
    error.kind = ErrorKind::interrupted;
    error.what = "interrupted";
  } else if (outcome.status == Outcome::Status::timed_out) {
    error.what = "building the root file system took longer than 15 minutes";
    error.hint = "check the network and apt's sources, then run this again";
  }
  return error;
}

process::Command build_command(const std::string& server) {
  process::Command command;
  command.argv = {"/bin/bash", "-c", build_rootfs_script, "build-rootfs"};
  if (!server.empty()) command.argv.insert(command.argv.end(), {"--with", server});
  command.environment =
      process::inherited({"HOME", "XDG_CACHE_HOME", "TMPDIR", "http_proxy", "https_proxy",
                          "no_proxy", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "SSL_CERT_FILE"});
  command.wall = std::chrono::minutes(15);
  return command;
}

Result<RootFileSystem> ensure(const std::string& server, const OnProgress& progress) {
  std::string pending;
  const auto on_chunk = [&](std::string_view chunk) {
    pending += chunk;
    for (auto end = pending.find('\n'); end != std::string::npos; end = pending.find('\n')) {
      if (progress) progress(std::string_view(pending).substr(0, end));
      pending.erase(0, end + 1);
    }
  };
  auto outcome = process::run(build_command(server), on_chunk);
  if (!outcome) return fail(ErrorKind::sandbox, outcome.error().what, "build-rootfs");
  if (!outcome->ok()) return tl::unexpected(read_error(*outcome));

  const std::filesystem::path folder(text::trim(outcome->out));
  RootFileSystem result{folder / "root", {}};
  std::ifstream(folder / "manifest.sha256") >> result.digest;
  if (result.digest.size() != 64)
    return fail(ErrorKind::sandbox, "the root file system has no manifest", folder.string(),
                "remove this folder, then run this again");
  return result;
}

}  // namespace

Result<RootFileSystem> ensure_root_file_system(const OnProgress& progress) {
  return ensure("", progress);
}

Result<RootFileSystem> ensure_root_with_server(const std::string& server,
                                               const OnProgress& progress) {
  return ensure(server, progress);
}

}  // namespace grader::sandbox
