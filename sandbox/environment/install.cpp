#include "sandbox/environment/install.hpp"

#include <algorithm>

#include "grader/base/log.hpp"
#include "grader/base/text.hpp"
#include "grader/project/distributions.hpp"
#include "sandbox/box/limits.hpp"
#include "sandbox/environment/build.hpp"

namespace grader::sandbox {

namespace fs = std::filesystem;

namespace {

constexpr std::uint64_t environment_size = 2ULL << 30U;

/// A built wheel as the assembling box sees it.
struct BuiltFile {
  fs::path folder;
  Wheel wheel;
};

/// Builds what has no wheel; gives what the results need beyond what is there already.
Result<std::vector<std::string>> build_sources(const Sandbox& sandbox, const Host& host,
                                               Installed& installed,
                                               std::vector<BuiltFile>& files) {
  std::vector<std::string> needed;
  for (const auto& [line, source] : installed.resolution.sources) {
    const Result<Built> built = build(sandbox, host, source, installed.resolution);
    if (!built) return tl::unexpected(built.error());
    if (!built->problem.empty()) {
      installed.left_out.emplace_back(line, built->problem);
      continue;
    }
    installed.built.emplace_back(line, built->wheel);
    files.push_back({built_folder(host, source, installed.resolution.interpreter), built->wheel});
    needed.insert(needed.end(), built->requirements.begin(), built->requirements.end());
  }
  std::erase_if(needed, [&](const std::string& line) {
    const std::string name = project::normalised_name(line);
    const auto is = [&](const Wheel& wheel) {
      return project::normalised_name(wheel.name) == name;
    };
    const auto of = [&](const auto& one) { return project::normalised_name(one.first) == name; };
    return std::ranges::any_of(installed.resolution.wheels, is) ||
           std::ranges::any_of(files, is, &BuiltFile::wheel) ||
           std::ranges::any_of(installed.left_out, of);
  });
  return needed;
}

/// Where this set of files lies as a finished environment, or is to lie.
fs::path environment_file(const Host& host, const Installed& installed) {
  std::string key = host.root_digest + "\n" + host.tools.string() + "\n";
  const Interpreter& interpreter = installed.resolution.interpreter;
  if (!interpreter.folder.empty()) key += interpreter.program + " " + interpreter.version + "\n";
  for (const Wheel& wheel : installed.resolution.wheels) key += wheel.sha256 + "\n";
  for (const auto& [line, wheel] : installed.built) key += wheel.sha256 + "\n";
  return host.cache / "environments" / (text::sha256(key) + ".ext4");
}

/// The same environment of an earlier run; a damaged one is removed.
std::optional<Volume> kept(const Sandbox& sandbox, const fs::path& file) {
  std::error_code failed;
  if (!fs::exists(file, failed)) return std::nullopt;
  Result<Volume> volume = sandbox.kept_volume(file);
  if (volume) {
    // `grader cache` counts from the last use.
    fs::last_write_time(file, fs::file_time_type::clock::now(), failed);
    return std::move(*volume);
  }
  log::debug(to_string(volume.error()));
  fs::remove(file, failed);
  return std::nullopt;
}

Drive assembly(const Host& host, const Installed& installed, const std::vector<BuiltFile>& files,
               const Volume& volume) {
  Drive run;
  run.module = "assemble";
  std::vector<std::string> wheels;
  for (const Wheel& wheel : installed.resolution.wheels) {
    wheels.push_back(std::string(place::wheels) + "/" + WheelStore::place_of(wheel));
  }
  Mount environment = read_only(volume.path(), place::environment);
  environment.read_only = false;
  run.mounts = {read_only(host.tools, place::tools),
                read_only(wheel_store(host).folder(), place::wheels), environment};
  for (const BuiltFile& file : files) {
    const std::string target = "/srv/built-" + std::to_string(run.mounts.size());
    run.mounts.push_back(read_only(file.folder, target.c_str()));
    wheels.push_back(target + "/" + WheelStore::place_of(file.wheel));
  }
  run.config.set("wheels", wheels)
      .set("environment", place::environment)
      .set("python", installed.resolution.interpreter.program)
      .set("scratch", place::scratch);
  add_interpreter(run, installed.resolution.interpreter);
  run.limits = install_limits();
  return run;
}

Result<void> assemble(const Sandbox& sandbox, const Host& host, const std::vector<BuiltFile>& files,
                      Installed& installed) {
  const fs::path file = environment_file(host, installed);
  installed.environment = kept(sandbox, file);
  if (installed.environment) return {};
  const Result<Volume> volume = sandbox.volume(environment_size);
  if (!volume) return tl::unexpected(volume.error());
  const Result<Driven> driven = drive(sandbox, host, assembly(host, installed, files, *volume));
  if (!driven) return tl::unexpected(driven.error());
  if (find(driven->records, "end") == nullptr) {
    const Record* failed = find(driven->records, "failed");
    installed.problem =
        failed != nullptr ? std::string(failed->text("reason")) : driven->result.detail;
    // It was cut off: by a limit of ours, not by what is installed.
    installed.by_us = failed == nullptr;
    return {};
  }
  installed.environment = *volume;
  // Costs the next run some seconds where it fails, as with a volume in memory.
  const Result<void> saved = volume->keep(file);
  if (!saved) log::debug(to_string(saved.error()));
  return {};
}

/// What built wheels need, and what that needs: chains of sources are short.
constexpr int build_rounds = 4;

/// Resolves, and builds what has no wheel, until nothing more is needed.
Result<void> gather(const Sandbox& sandbox, const Host& host, InstallRequest request,
                    Installed& installed, std::vector<BuiltFile>& files) {
  for (int left = build_rounds; left > 0; --left) {
    Result<Resolution> resolution = resolve(sandbox, host, request);
    if (!resolution) return tl::unexpected(resolution.error());
    // What was built is there, even where what it needs cannot be had besides.
    if (!resolution->problem.empty() && left < build_rounds) return {};
    installed = {};
    installed.resolution = std::move(*resolution);
    if (!installed.resolution.problem.empty()) return {};
    files.clear();
    const auto needed = build_sources(sandbox, host, installed, files);
    if (!needed) return tl::unexpected(needed.error());
    if (needed->empty()) return {};
    for (const std::string& line : *needed) request.choices.push_back({line});
  }
  return {};
}

}  // namespace

Result<Installed> install(const Sandbox& sandbox, const Host& host, const InstallRequest& request) {
  std::error_code failed;
  fs::create_directories(wheel_store(host).folder(), failed);
  Installed installed;
  std::vector<BuiltFile> files;
  const Result<void> gathered = gather(sandbox, host, request, installed, files);
  if (!gathered) return tl::unexpected(gathered.error());
  installed.problem = installed.resolution.problem;
  installed.by_us = installed.resolution.by_us;
  if (!installed.problem.empty()) return installed;
  const Result<void> assembled = assemble(sandbox, host, files, installed);
  if (!assembled) return tl::unexpected(assembled.error());
  return installed;
}

std::vector<std::string> distributions(const Installed& installed) {
  std::vector<std::string> names;
  const auto add = [&](const Wheel& wheel) { names.push_back(wheel.name + "==" + wheel.version); };
  for (const Wheel& wheel : installed.resolution.wheels) add(wheel);
  for (const auto& [line, wheel] : installed.built) add(wheel);
  std::ranges::sort(names);
  return names;
}

}  // namespace grader::sandbox
