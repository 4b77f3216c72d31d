#include "sandbox/environment/build.hpp"

#include <algorithm>
#include <fstream>
#include <sstream>

#include "grader/base/text.hpp"
#include "grader/project/distributions.hpp"
#include "sandbox/box/limits.hpp"

namespace grader::sandbox {

namespace fs = std::filesystem;

namespace {

constexpr std::uint64_t wheel_cap = 128ULL << 20U;
constexpr const char* sources_mount = "/srv/sources";

Drive build_drive(const Host& host, const Wheel& source, const Resolution& resolution) {
  std::vector<std::string> tries;
  for (const std::vector<Wheel>& backends : resolution.backends) {
    std::vector<std::string> paths;
    for (const Wheel& wheel : backends) {
      paths.push_back(std::string(place::wheels) + "/" + WheelStore::place_of(wheel));
    }
    tries.push_back(text::join(paths, "\n"));
  }
  Drive run;
  run.module = "build";
  run.config.set("source", std::string(sources_mount) + "/" + source.file)
      .set("backends", tries)
      .set("python", resolution.interpreter.program)
      .set("scratch", place::scratch);
  // This source alone: the others are of other submissions.
  run.mounts = {read_only(host.tools, place::tools),
                read_only(wheel_store(host).folder(), place::wheels),
                read_only(source_store(host).folder() / source.sha256, sources_mount)};
  add_interpreter(run, resolution.interpreter);
  run.limits = install_limits();
  return run;
}

/// The record's wheel, if it is the distribution that was to be built.
Built told(const Record& record, const Wheel& source) {
  Built built;
  built.wheel = {source.name, source.version, std::string(record.text("file")),
                 std::string(record.text("sha256"))};
  const std::string_view file = built.wheel.file;
  const std::string name = project::normalised_name(file.substr(0, file.find('-')));
  if (!is_sound(built.wheel) || !file.ends_with(".whl") ||
      name != project::normalised_name(source.name)) {
    built.problem = "what was built is not " + source.name;
  }
  for (const std::string& line : record.list("requires")) {
    const std::size_t end = line.find_first_of("=<>!~");
    const std::string specifier = end == std::string::npos ? "" : line.substr(end);
    if (is_plain_requirement(line.substr(0, end), specifier)) built.requirements.push_back(line);
  }
  return built;
}

std::optional<Built> remembered(const fs::path& folder, const Wheel& source) {
  std::ifstream file(folder / "record", std::ios::binary);
  std::stringstream text;
  text << file.rdbuf();
  const Records records = read_records(text.str());
  const Record* record = find(records, "built");
  if (record == nullptr) return std::nullopt;
  Built built = told(*record, source);
  if (!WheelStore(folder).has(built.wheel)) return std::nullopt;
  return built;
}

}  // namespace

fs::path built_folder(const Host& host, const Wheel& source, const Interpreter& interpreter) {
  std::string key = host.root_digest + "\n" + source.sha256;
  if (!interpreter.folder.empty()) key += "\n" + interpreter.program + " " + interpreter.version;
  return host.cache / "built" / text::sha256(key);
}

Result<Built> build(const Sandbox& sandbox, const Host& host, const Wheel& source,
                    const Resolution& resolution) {
  const fs::path folder = built_folder(host, source, resolution.interpreter);
  std::optional<Built> before = remembered(folder, source);
  if (before) return std::move(*before);
  const Result<Driven> driven = drive(sandbox, host, build_drive(host, source, resolution));
  if (!driven) return tl::unexpected(driven.error());
  const Record* record = find(driven->records, "built");
  if (record == nullptr) {
    const Record* failed = find(driven->records, "failed");
    Built none;
    none.problem = failed != nullptr ? std::string(failed->text("reason")) : driven->result.detail;
    if (none.problem.empty()) none.problem = "its setup code ended the build";
    return none;
  }
  Built built = told(*record, source);
  if (!built.problem.empty()) return built;
  const Copied copied = driven->box.copy_out("built/" + built.wheel.file, wheel_cap);
  const WheelStore store(folder);
  if (copied.status != Copied::Status::copied || text::sha256(copied.bytes) != built.wheel.sha256) {
    built.problem = "what was built cannot be taken: " + copied.reason;
    return built;
  }
  const Result<void> added = store.add(built.wheel, copied.bytes);
  if (!added) return tl::unexpected(added.error());
  std::ofstream(folder / "record", std::ios::binary) << driven->result.out;
  return built;
}

}  // namespace grader::sandbox
