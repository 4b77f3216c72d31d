#include "sandbox/environment/install.hpp"

#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <sstream>

#include "grader/base/log.hpp"
#include "grader/base/text.hpp"
#include "grader/submission/scratch.hpp"
#include "sandbox/box/limits.hpp"
#include "sandbox/environment/index.hpp"
#include "sandbox/environment/proxy.hpp"

namespace grader::sandbox {

namespace fs = std::filesystem;

namespace {

constexpr std::uint64_t wheel_cap = 512ULL << 20U;
constexpr std::uint64_t environment_size = 2ULL << 30U;
constexpr std::size_t resolution_cap = 4U << 20U;

/// "\n" between a requirement and its alternatives: none of them can hold one.
std::vector<std::string> encoded(const InstallRequest& request) {
  std::vector<std::string> lines;
  for (const std::vector<std::string>& choice : request.choices) {
    lines.push_back(text::join(choice, "\n"));
  }
  return lines;
}

std::string read_file(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::string bytes(resolution_cap, '\0');
  file.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  bytes.resize(static_cast<std::size_t>(file.gcount()));
  return bytes;
}

/// Where the records of this resolution are kept: what else they depend on is in the name.
fs::path resolution_file(const Host& host, const InstallRequest& request) {
  std::string key = host.root_digest + "\n" + host.tools.string() + "\n" + request.newest + "\n" +
                    read_file(host.drivers / "grader_box" / "resolve.py") + "\n";
  for (const std::string& line : encoded(request)) key += line + "\n\n";
  return host.cache / "resolutions" / text::sha256(key);
}

/// A cache that cannot be written costs time, not the result.
void write_file(const fs::path& path, const std::string& bytes) {
  std::error_code failed;
  fs::create_directories(path.parent_path(), failed);
  const fs::path partial = path.string() + "." + std::to_string(::getpid());
  std::ofstream file(partial, std::ios::binary);
  file << bytes;
  file.close();
  if (file) fs::rename(partial, path, failed);
  if (!file || failed) fs::remove(partial, failed);
}

std::vector<Wheel> wheels_in(const Records& records) {
  std::vector<Wheel> wheels;
  for (const Record& record : records.all) {
    if (record.kind != "wheel") continue;
    Wheel wheel{std::string(record.text("name")), std::string(record.text("version")),
                std::string(record.text("file")), std::string(record.text("sha256"))};
    if (is_sound(wheel)) wheels.push_back(std::move(wheel));
  }
  return wheels;
}

/// What the resolving driver said, without the environment.
Installed told(const Records& records) {
  Installed installed;
  installed.wheels = wheels_in(records);
  for (const Record& record : records.all) {
    if (record.kind == "replaced") {
      installed.replaced.emplace_back(record.text("wanted"), record.text("by"));
    } else if (record.kind == "unavailable") {
      installed.unavailable.emplace_back(record.text("wanted"));
    } else if (record.kind == "conflict") {
      installed.conflict = record.text("reason");
    } else if (record.kind == "newest") {
      installed.newest = record.text("date");
    } else if (record.kind == "unsatisfied" || record.kind == "no_download") {
      installed.problem = record.text("reason");
      installed.by_us = record.kind == "no_download";
    }
  }
  return installed;
}

/// The one box that has a way out.
class Download {
 public:
  Download(const Sandbox& sandbox, const Host& host) : sandbox_(sandbox), host_(host) {}

  Result<Installed> run(const InstallRequest& request, const WheelStore& store) const;

 private:
  Result<void> keep(const Driven& driven, const WheelStore& store) const;

  const Sandbox& sandbox_;
  const Host& host_;
};

Result<Installed> Download::run(const InstallRequest& request, const WheelStore& store) const {
  const auto index = ask_index(host_.drivers / "grader_box" / "ask_index.py");
  if (!index) return tl::unexpected(index.error());
  const Result<submission::Scratch> folder = submission::Scratch::make({});
  if (!folder) return tl::unexpected(folder.error());
  const std::string socket = folder->path() + "/index.sock";
  const auto proxy = IndexProxy::start(index->hosts, socket, index->proxy);
  if (!proxy) return tl::unexpected(proxy.error());

  Drive run;
  run.module = "resolve";
  run.config.set("wanted", encoded(request))
      .set("socket", place::index_socket)
      .set("certificates", index->certificates.empty() ? "" : place::certificates)
      .set("indexes", index->urls)
      .set("newest", request.newest)
      .set("have", store.digests())
      .set("scratch", place::scratch);
  run.mounts = {read_only(host_.tools, place::tools), read_only(socket, place::index_socket)};
  if (!index->certificates.empty()) {
    run.mounts.push_back(read_only(index->certificates, place::certificates));
  }
  run.limits = install_limits();
  run.network.kind = Network::Kind::loopback;
  const Result<Driven> driven = drive(sandbox_, host_, run);
  if (!driven) return tl::unexpected(driven.error());

  Installed installed = told(driven->records);
  installed.refused = proxy->refused();
  if (find(driven->records, "end") == nullptr) {
    installed.by_us = true;
    installed.problem = "resolving did not come to its end: " + driven->result.detail;
  }
  if (!installed.problem.empty()) return installed;
  const Result<void> kept = keep(*driven, store);
  if (!kept) return tl::unexpected(kept.error());
  if (!driven->result.truncated) write_file(resolution_file(host_, request), driven->result.out);
  return installed;
}

/// Takes the downloaded wheels out of the ended box.
Result<void> Download::keep(const Driven& driven, const WheelStore& store) const {
  for (const Wheel& wheel : wheels_in(driven.records)) {
    if (store.has(wheel)) continue;
    const Copied copied = driven.box.copy_out(wheel.sha256 + ".whl", wheel_cap);
    if (copied.status != Copied::Status::copied) {
      return fail(ErrorKind::sandbox, "a downloaded wheel cannot be taken out of its box",
                  wheel.file, copied.reason);
    }
    const Result<void> added = store.add(wheel, copied.bytes);
    if (!added) return added;
  }
  return {};
}

/// The resolution of an earlier run, where all its wheels are still at hand.
std::optional<Installed> remembered(const Host& host, const InstallRequest& request,
                                    const WheelStore& store) {
  Installed installed = told(read_records(read_file(resolution_file(host, request))));
  const bool whole =
      !installed.wheels.empty() &&
      std::ranges::all_of(installed.wheels, [&](const Wheel& wheel) { return store.has(wheel); });
  if (!whole) return std::nullopt;
  return installed;
}

/// Where this set of wheels lies as a finished environment, or is to lie.
fs::path environment_file(const Host& host, const std::vector<Wheel>& wheels) {
  std::string key = host.root_digest + "\n" + host.tools.string() + "\n";
  for (const Wheel& wheel : wheels) key += wheel.sha256 + "\n";
  return host.cache / "environments" / (text::sha256(key) + ".ext4");
}

/// The same environment of an earlier run; a damaged one is removed.
std::optional<Volume> kept(const Sandbox& sandbox, const fs::path& file) {
  std::error_code failed;
  if (!fs::exists(file, failed)) return std::nullopt;
  Result<Volume> volume = sandbox.kept_volume(file);
  if (volume) return std::move(*volume);
  log::debug(to_string(volume.error()));
  fs::remove(file, failed);
  return std::nullopt;
}

Result<void> assemble(const Sandbox& sandbox, const Host& host, const WheelStore& store,
                      Installed& installed) {
  const fs::path file = environment_file(host, installed.wheels);
  installed.environment = kept(sandbox, file);
  if (installed.environment) return {};
  const Result<Volume> volume = sandbox.volume(environment_size);
  if (!volume) return tl::unexpected(volume.error());
  std::vector<std::string> wheels;
  for (const Wheel& wheel : installed.wheels) {
    wheels.push_back(std::string(place::wheels) + "/" + WheelStore::place_of(wheel));
  }
  Drive run;
  run.module = "assemble";
  run.config.set("wheels", wheels)
      .set("environment", place::environment)
      .set("scratch", place::scratch);
  Mount environment = read_only(volume->path(), place::environment);
  environment.read_only = false;
  run.mounts = {read_only(host.tools, place::tools), read_only(store.folder(), place::wheels),
                environment};
  run.limits = install_limits();
  const Result<Driven> driven = drive(sandbox, host, run);
  if (!driven) return tl::unexpected(driven.error());
  if (find(driven->records, "end") != nullptr) {
    installed.environment = *volume;
    // Costs the next run some seconds where it fails, as with a volume in memory.
    const Result<void> saved = volume->keep(file);
    if (!saved) log::debug(to_string(saved.error()));
    return {};
  }
  const Record* failed = find(driven->records, "failed");
  installed.problem =
      failed != nullptr ? std::string(failed->text("reason")) : driven->result.detail;
  return {};
}

}  // namespace

Result<Installed> install(const Sandbox& sandbox, const Host& host, const InstallRequest& request) {
  const WheelStore store(host.cache / "wheels");
  std::error_code failed;
  fs::create_directories(store.folder(), failed);
  std::optional<Installed> installed = remembered(host, request, store);
  if (!installed) {
    Result<Installed> fresh = Download(sandbox, host).run(request, store);
    if (!fresh || !fresh->problem.empty()) return fresh;
    installed = std::move(*fresh);
  }
  const Result<void> assembled = assemble(sandbox, host, store, *installed);
  if (!assembled) return tl::unexpected(assembled.error());
  return std::move(*installed);
}

std::vector<std::string> distributions(const Installed& installed) {
  std::vector<std::string> names;
  for (const Wheel& wheel : installed.wheels) names.push_back(wheel.name + "==" + wheel.version);
  std::ranges::sort(names);
  return names;
}

}  // namespace grader::sandbox
