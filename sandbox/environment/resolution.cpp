#include "sandbox/environment/resolution.hpp"

#include <algorithm>
#include <optional>

#include "grader/base/text.hpp"
#include "grader/submission/scratch.hpp"
#include "sandbox/box/limits.hpp"
#include "sandbox/environment/cache_file.hpp"
#include "sandbox/environment/index.hpp"
#include "sandbox/environment/proxy.hpp"

namespace grader::sandbox {

namespace fs = std::filesystem;

namespace {

constexpr std::uint64_t file_cap = 512ULL << 20U;
constexpr std::uint64_t pages_cap = 128ULL << 20U;
constexpr const char* pages_mount = "/srv/pages.tar";
constexpr std::size_t resolution_cap = 4U << 20U;

bool is_name_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '_' || c == '.';
}

bool is_specifier_character(char c) {
  return is_name_character(c) || std::string_view("=<>!~*+,[] ").find(c) != std::string_view::npos;
}

/// "\n" between a requirement and its alternatives: none of them can hold one.
std::vector<std::string> encoded(const InstallRequest& request) {
  std::vector<std::string> lines;
  for (const std::vector<std::string>& choice : request.choices) {
    lines.push_back(text::join(choice, "\n"));
  }
  return lines;
}

/// Where the records of this resolution are kept: what else they depend on is in the name.
fs::path resolution_file(const Host& host, const InstallRequest& request) {
  std::string key = host.root_digest + "\n" + host.tools.string() + "\n" + request.newest + "\n" +
                    request.interpreter.program + " " + request.interpreter.version + "\n" +
                    read_cached(host.drivers / "grader_box" / "resolve.py", resolution_cap) + "\n";
  for (const std::string& line : encoded(request)) key += line + "\n\n";
  for (const std::string& name : request.from_source) key += "source " + name + "\n";
  return host.cache / "resolutions" / text::sha256(key);
}

std::optional<Wheel> wheel_of(const Record& record) {
  Wheel wheel{std::string(record.text("name")), std::string(record.text("version")),
              std::string(record.text("file")), std::string(record.text("sha256"))};
  // Of the source alone the file is no wheel.
  const bool fits = (record.kind == "source") != wheel.file.ends_with(".whl");
  if (!fits || !is_sound(wheel)) return std::nullopt;
  return wheel;
}

void add_file(Resolution& resolution, const Record& record) {
  const std::optional<Wheel> wheel = wheel_of(record);
  if (!wheel) return;
  if (record.kind == "wheel") resolution.wheels.push_back(*wheel);
  if (record.kind == "backend-0") resolution.backends[0].push_back(*wheel);
  if (record.kind == "backend-1") resolution.backends[1].push_back(*wheel);
  if (record.kind == "source") resolution.sources.emplace_back(record.text("line"), *wheel);
}

Resolution told(const Records& records) {
  Resolution resolution;
  for (const Record& record : records.all) {
    if (record.kind == "replaced") {
      resolution.replaced.emplace_back(record.text("wanted"), record.text("by"));
    } else if (record.kind == "unavailable") {
      resolution.unavailable.emplace_back(record.text("wanted"));
    } else if (record.kind == "conflict") {
      resolution.conflict = record.text("reason");
    } else if (record.kind == "newest") {
      resolution.newest = record.text("date");
    } else if (record.kind == "unsatisfied" || record.kind == "no_download") {
      resolution.problem = record.text("reason");
      resolution.by_us = record.kind == "no_download";
    } else {
      add_file(resolution, record);
    }
  }
  return resolution;
}

/// Every file of a resolution, with the ending that the driver leaves it under.
struct Stored {
  const Wheel* wheel;
  const char* ending;
};
std::vector<Stored> files_of(const Resolution& resolution) {
  std::vector<Stored> files;
  for (const Wheel& wheel : resolution.wheels) files.push_back({&wheel, ".whl"});
  for (const auto& backends : resolution.backends) {
    for (const Wheel& wheel : backends) files.push_back({&wheel, ".whl"});
  }
  for (const auto& [line, source] : resolution.sources) files.push_back({&source, ".source"});
  return files;
}

WheelStore store_of(const Host& host, const Stored& file) {
  return std::string_view(file.ending) == ".whl" ? wheel_store(host) : source_store(host);
}

/// Where the pages of this index are kept: a cache, whose loss costs time alone.
fs::path pages_file(const Host& host, const PackageIndex& index) {
  const std::string key = host.tools.string() + "\n" + text::join(index.urls, "\n");
  return host.cache / "pages" / (text::sha256(key) + ".tar");
}

void keep_pages(const Driven& driven, const fs::path& file) {
  if (find(driven.records, "pages") == nullptr) return;
  const Copied copied = driven.box.copy_out("pages.tar", pages_cap);
  if (copied.status == Copied::Status::copied) write_cached(file, copied.bytes, Readable::by_boxes);
}

/// Takes what was downloaded out of the ended box.
Result<void> keep(const Host& host, const Driven& driven, const Resolution& resolution) {
  for (const Stored& file : files_of(resolution)) {
    const WheelStore store = store_of(host, file);
    if (store.has(*file.wheel)) continue;
    const Copied copied = driven.box.copy_out(file.wheel->sha256 + file.ending, file_cap);
    if (copied.status != Copied::Status::copied) {
      return fail(ErrorKind::sandbox, "a download cannot be taken out of its box", file.wheel->file,
                  copied.reason);
    }
    const Result<void> added = store.add(*file.wheel, copied.bytes);
    if (!added) return added;
  }
  return {};
}

Drive download_drive(const Host& host, const InstallRequest& request, const PackageIndex& index,
                     const std::string& socket) {
  Drive run;
  std::error_code failed;
  const fs::path pages = pages_file(host, index);
  if (fs::exists(pages, failed)) run.mounts.push_back(read_only(pages, pages_mount));
  run.module = "resolve";
  run.config.set("wanted", encoded(request))
      .set("socket", place::index_socket)
      .set("certificates", index.certificates.empty() ? "" : place::certificates)
      .set("indexes", index.urls)
      .set("newest", request.newest)
      .set("python", request.interpreter.program)
      .set("have", wheel_store(host).digests())
      .set("from_source", request.from_source)
      .set("pages", run.mounts.empty() ? "" : pages_mount)
      .set("scratch", place::scratch);
  run.mounts.push_back(read_only(host.tools, place::tools));
  run.mounts.push_back(read_only(socket, place::index_socket));
  add_interpreter(run, request.interpreter);
  if (!index.certificates.empty()) {
    run.mounts.push_back(read_only(index.certificates, place::certificates));
  }
  run.limits = install_limits();
  run.network.kind = Network::Kind::loopback;
  return run;
}

Result<Resolution> download(const Sandbox& sandbox, const Host& host,
                            const InstallRequest& request) {
  const auto index = ask_index(host.drivers / "grader_box" / "ask_index.py", host.cache);
  if (!index) return tl::unexpected(index.error());
  const Result<submission::Scratch> folder = submission::Scratch::make({});
  if (!folder) return tl::unexpected(folder.error());
  const std::string socket = folder->path() + "/index.sock";
  const auto proxy = IndexProxy::start(index->hosts, socket, index->proxy);
  if (!proxy) return tl::unexpected(proxy.error());
  const Result<Driven> driven = drive(sandbox, host, download_drive(host, request, *index, socket));
  if (!driven) return tl::unexpected(driven.error());

  keep_pages(*driven, pages_file(host, *index));
  Resolution resolution = told(driven->records);
  resolution.interpreter = request.interpreter;
  resolution.refused = proxy->refused();
  if (find(driven->records, "end") == nullptr) {
    resolution.by_us = true;
    resolution.problem = "resolving did not come to its end: " + driven->result.detail;
  }
  if (!resolution.problem.empty()) return resolution;
  const Result<void> kept = keep(host, *driven, resolution);
  if (!kept) return tl::unexpected(kept.error());
  if (!driven->result.truncated)
    write_cached(resolution_file(host, request), driven->result.out, Readable::by_us);
  return resolution;
}

}  // namespace

bool is_plain_requirement(std::string_view name, std::string_view specifier) {
  return !name.empty() && name.front() != '-' && name.front() != '.' &&
         std::ranges::all_of(name, is_name_character) && name.size() <= 200 &&
         specifier.size() <= 200 && std::ranges::all_of(specifier, is_specifier_character);
}

WheelStore wheel_store(const Host& host) { return WheelStore(host.cache / "wheels"); }
WheelStore source_store(const Host& host) { return WheelStore(host.cache / "sources"); }

Result<Resolution> resolve(const Sandbox& sandbox, const Host& host,
                           const InstallRequest& request) {
  Resolution remembered =
      told(read_records(read_cached(resolution_file(host, request), resolution_cap)));
  const std::vector<Stored> files = files_of(remembered);
  const bool whole = !remembered.wheels.empty() && std::ranges::all_of(files, [&](const Stored& f) {
    return store_of(host, f).has(*f.wheel);
  });
  if (whole) {
    std::error_code failed;
    for (const Stored& file : files) {
      fs::last_write_time(store_of(host, file).folder() / file.wheel->sha256,
                          fs::file_time_type::clock::now(), failed);
    }
    remembered.interpreter = request.interpreter;
    return remembered;
  }
  return download(sandbox, host, request);
}

}  // namespace grader::sandbox
