#include "sandbox/environment/drive.hpp"

#include <sys/stat.h>

#include <fstream>

#include "grader/base/log.hpp"
#include "grader/submission/scratch.hpp"

namespace grader::sandbox {

namespace {

/// Complete: nothing of the grader's own environment goes in. The hash seed is fixed so that a run
/// can be repeated.
std::vector<std::string> environment_of_boxes() {
  return {"PATH=" + std::string(place::tools) + "/bin:/usr/local/bin:/usr/bin:/bin",
          "PYTHONPATH=" + std::string(place::drivers),
          "HOME=/scratch",
          "TMPDIR=/tmp",
          "LANG=C.UTF-8",
          "PYTHONIOENCODING=utf-8",
          "PYTHONDONTWRITEBYTECODE=1",
          "PYTHONHASHSEED=0",
          "PYTHONNOUSERSITE=1"};
}

Result<std::string> write_config(const submission::Scratch& folder, const ConfigWriter& config) {
  const std::string path = folder.path() + "/config.json";
  std::ofstream file(path, std::ios::binary);
  file << config.json();
  file.close();
  // The box's user has to read it; the folder around it keeps everybody else out.
  if (!file || ::chmod(path.c_str(), 0644) != 0) {
    return fail(ErrorKind::sandbox, "a temporary file cannot be written", path,
                "free some disk space, or set TMPDIR to another folder");
  }
  return path;
}

}  // namespace

void add_interpreter(Drive& drive, const Interpreter& interpreter) {
  if (interpreter.folder.empty()) return;
  drive.mounts.push_back(read_only(interpreter.folder, interpreter.folder.c_str()));
}

Mount read_only(const std::filesystem::path& source, const char* target) {
  Mount mount;
  mount.source = source;
  mount.target = target;
  return mount;
}

BoxSpec box_spec(const Host& host, const Drive& drive, const std::string& config) {
  BoxSpec spec;
  spec.root = drive.root.empty() ? host.root : drive.root;
  spec.mounts = drive.mounts;
  spec.mounts.push_back(read_only(host.drivers, place::drivers));
  spec.mounts.push_back(read_only(config, place::config));
  spec.argv = {drive.interpreter, "-W", "ignore", "-m", "grader_box." + drive.module,
               place::config};
  spec.environment = environment_of_boxes();
  spec.directory = place::drivers;
  spec.limits = drive.limits;
  spec.network = drive.network;
  return spec;
}

Result<Driven> drive(const Sandbox& sandbox, const Host& host, const Drive& drive) {
  const Result<submission::Scratch> folder = submission::Scratch::make({});
  if (!folder) return tl::unexpected(folder.error());
  const Result<std::string> config = write_config(*folder, drive.config);
  if (!config) return tl::unexpected(config.error());

  Result<Box> box = sandbox.start(box_spec(host, drive, *config));
  if (!box) return tl::unexpected(box.error());
  Result<BoxResult> result = box->wait();
  if (!result) return tl::unexpected(result.error());
  if (result->status == BoxResult::Status::sandbox_error) {
    return fail(ErrorKind::sandbox, result->detail.empty() ? "a box failed" : result->detail);
  }
  log::debug("box " + drive.module + ": " + std::string(name(result->status)) + " after " +
             std::to_string(result->wall_ms) + " ms, cpu " + std::to_string(result->cpu_ms) +
             " ms, peak " + std::to_string(result->peak_bytes >> 20U) + " MiB");
  Records records = read_records(result->out);
  return Driven{std::move(*box), std::move(*result), std::move(records)};
}

}  // namespace grader::sandbox
