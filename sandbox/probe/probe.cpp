#include "sandbox/probe/probe.hpp"

#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cstring>
#include <fstream>

#include "grader/base/descriptor.hpp"
#include "grader/base/log.hpp"
#include "grader/submission/scratch.hpp"
#include "sandbox/probe/frame.hpp"

namespace grader::sandbox {

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::int64_t application_port = 8000;
constexpr std::int64_t control_port = 8001;
constexpr const char* database = "/mnt/database";
constexpr const char* prober_socket = "/srv/prober.sock";
constexpr const char* reader_socket = "/srv/reader.sock";
constexpr std::uint64_t database_bytes = 96ULL << 20U;
constexpr std::uint64_t printed_cap = 24ULL << 20U;
constexpr int silence = 20;  ///< seconds

Result<Descriptor> listen_at(const std::string& path) {
  const auto failed = [&] {
    return fail(ErrorKind::sandbox, std::string("cannot listen: ") + std::strerror(errno), path);
  };
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path) return failed();
  std::strncpy(address.sun_path, path.c_str(), sizeof address.sun_path - 1);
  Descriptor socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  // The interface of sockets.
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast)
  const auto* name = reinterpret_cast<const sockaddr*>(&address);
  if (!socket.valid() || ::bind(socket.get(), name, sizeof address) != 0 ||
      ::listen(socket.get(), 1) != 0 || ::chmod(path.c_str(), 0666) != 0) {
    return failed();
  }
  return socket;
}

/// Waits for a connection while the box that should make it runs.
Descriptor accept_from(const Descriptor& listener, const Box& box, Clock::time_point until) {
  while (Clock::now() < until && box.running()) {
    pollfd ready{listener.get(), POLLIN, 0};
    if (::poll(&ready, 1, 100) <= 0) continue;
    Descriptor connection(::accept4(listener.get(), nullptr, nullptr, SOCK_CLOEXEC));
    if (connection.valid()) frame::give_up_after(connection.get(), silence);
    return connection;
  }
  return {};
}

/// Three boxes, and what goes between them.
class Meeting {
 public:
  Meeting(const Sandbox& sandbox, const Host& host, const ProbeRequest& request)
      : sandbox_(sandbox), host_(host), request_(request) {}

  Result<Probe> run();

 private:
  Result<void> prepare();
  Result<Box> start_server();
  Result<Box> start_reader();
  Result<Box> start_prober(const Box& server);
  BoxSpec own_program(const char* name) const;
  void relay(Box& server, const Box& prober, const Box& reader);
  std::optional<std::string> answer(Box& server, int reader, std::string_view asked);

  const Sandbox& sandbox_;
  const Host& host_;
  const ProbeRequest& request_;
  submission::Scratch folder_;
  std::optional<Volume> data_;
  std::optional<Volume> scratch_;
  Descriptor for_prober_;
  Descriptor for_reader_;
  Clock::time_point until_;
};

Result<void> Meeting::prepare() {
  until_ = Clock::now() + request_.limit;
  auto folder = submission::Scratch::make({});
  if (!folder) return tl::unexpected(folder.error());
  folder_ = std::move(*folder);
  auto data = sandbox_.volume(database_bytes);
  if (!data) return tl::unexpected(data.error());
  data_ = std::move(*data);
  auto scratch = sandbox_.volume(request_.server.limits.scratch);
  if (!scratch) return tl::unexpected(scratch.error());
  scratch_ = std::move(*scratch);
  auto prober = listen_at(folder_.path() + "/prober.sock");
  if (!prober) return tl::unexpected(prober.error());
  for_prober_ = std::move(*prober);
  auto reader = listen_at(folder_.path() + "/reader.sock");
  if (!reader) return tl::unexpected(reader.error());
  for_reader_ = std::move(*reader);
  return {};
}

Result<Box> Meeting::start_server() {
  Drive drive = request_.server;
  drive.module = "probe_server";
  drive.config.set("labels", request_.labels)
      .set("database", database)
      .set("port", application_port)
      .set("control", control_port);
  const std::string config = folder_.path() + "/config.json";
  std::ofstream file(config, std::ios::binary);
  file << drive.config.json();
  file.close();
  if (!file || ::chmod(config.c_str(), 0644) != 0)
    return fail(ErrorKind::sandbox, "a temporary file cannot be written", config,
                "free some disk space, or set TMPDIR to another folder");
  drive.limits.scratch = 0;
  drive.limits.memory = 512ULL << 20U;
  drive.limits.pids = 64;
  drive.limits.wall = request_.limit + std::chrono::seconds(5);
  drive.network.kind = Network::Kind::loopback;
  drive.mounts.push_back({data_->path(), database, false, 0});
  drive.mounts.push_back({scratch_->path(), place::scratch, false, 0});
  return sandbox_.start(box_spec(host_, drive, config));
}

/// A program of ours: it needs nothing of the root file system but process 1.
BoxSpec Meeting::own_program(const char* name) const {
  BoxSpec spec;
  spec.root = host_.root;
  spec.mounts = {read_only(host_.drivers / "bin", "/srv/bin")};
  spec.argv = {std::string("/srv/bin/") + name};
  spec.environment = {"PATH=/usr/bin:/bin", "LANG=C.UTF-8"};
  spec.limits.memory = 512ULL << 20U;
  spec.limits.pids = 16;
  spec.limits.temporary = 192ULL << 20U;
  spec.limits.wall = request_.limit + std::chrono::seconds(5);
  return spec;
}

Result<Box> Meeting::start_reader() {
  BoxSpec spec = own_program("reader");
  spec.mounts.push_back(read_only(folder_.path() + "/reader.sock", reader_socket));
  spec.mounts.push_back({data_->path(), database, false, 0});
  spec.mounts.push_back(read_only(scratch_->path(), place::scratch));
  spec.argv.insert(spec.argv.end(), {reader_socket, database, place::scratch});
  return sandbox_.start(spec);
}

Result<Box> Meeting::start_prober(const Box& server) {
  BoxSpec spec = own_program("prober");
  spec.mounts.push_back(read_only(folder_.path() + "/prober.sock", prober_socket));
  const auto left = std::chrono::duration_cast<std::chrono::seconds>(until_ - Clock::now()).count();
  spec.argv.insert(spec.argv.end(),
                   {prober_socket, std::to_string(application_port), std::to_string(control_port),
                    std::to_string(request_.seed), std::to_string(left)});
  spec.limits.output_kept = printed_cap;
  spec.limits.output_total = printed_cap;
  spec.network = {Network::Kind::joined, server.network_namespace()};
  return sandbox_.start(spec);
}

/// A request is a letter, whether the server stands still meanwhile ('F') or not ('P'), and the
/// text for the reader.
std::optional<std::string> Meeting::answer(Box& server, int reader, std::string_view asked) {
  if (asked.empty()) return std::nullopt;
  const bool frozen = asked.front() == 'F' && server.freeze().has_value();
  const bool written = frame::write(reader, asked.substr(1));
  std::optional<std::string> told = written ? frame::read(reader) : std::nullopt;
  // A server that died meanwhile needs none; the rows it left can still be read.
  if (frozen) static_cast<void>(server.thaw());
  return told;
}

void Meeting::relay(Box& server, const Box& prober, const Box& reader) {
  const Descriptor from = accept_from(for_prober_, prober, until_);
  const Descriptor to = accept_from(for_reader_, reader, until_);
  if (!from.valid() || !to.valid()) return;
  while (Clock::now() < until_) {
    pollfd ready{from.get(), POLLIN, 0};
    const int count = ::poll(&ready, 1, 200);
    if (count < 0 && errno != EINTR) return;
    if (count <= 0) {
      if (!prober.running()) return;
      continue;
    }
    const std::optional<std::string> asked = frame::read(from.get());
    if (!asked) return;
    const std::optional<std::string> told = answer(server, to.get(), *asked);
    if (!told || !frame::write(from.get(), *told)) return;
  }
}

/// The last thing that the candidate's process said before it ended.
std::string last_words(const Box& server) {
  const Records records = read_records(server.out());
  const Record* failed = find(records, "failed");
  return failed != nullptr ? std::string(failed->text("output")) : server.err();
}

Result<Probe> Meeting::run() {
  const auto begun = Clock::now();
  if (auto prepared = prepare(); !prepared) return tl::unexpected(prepared.error());
  auto server = start_server();
  if (!server) return tl::unexpected(server.error());
  auto reader = start_reader();
  if (!reader) return tl::unexpected(reader.error());
  auto prober = start_prober(*server);
  if (!prober) return tl::unexpected(prober.error());
  relay(*server, *prober, *reader);
  if (Clock::now() >= until_) prober->kill();
  const auto result = prober->wait();
  if (!result) return tl::unexpected(result.error());
  log::debug("the prober's box: " + std::string(name(result->status)) + " " + result->detail + " " +
             result->err.substr(0, 2000));
  Probe probe = probe_of(result->out);
  probe.duration = std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - begun);
  if (!result->ok() && probe.problem.empty()) {
    probe.problem = "the probe ended early: " + std::string(name(result->status));
    probe.by_us = true;
  }
  if (!probe.problem.empty()) log::debug("the server's box: " + last_words(*server));
  return probe;
}

}  // namespace

Result<Probe> probe(const Sandbox& sandbox, const Host& host, const ProbeRequest& request) {
  return Meeting(sandbox, host, request).run();
}

}  // namespace grader::sandbox
