#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "grader/base/result.hpp"
#include "sandbox/box/copy_out.hpp"

namespace grader::sandbox {

class HostState;
struct VolumeImpl;
class BoxImpl;

/// What one box may use. The defaults are those of a test run.
struct Limits {
  std::uint64_t memory = 1ULL << 30U;  ///< bytes, tmpfs included; swap adds nothing
  int pids = 128;                      ///< processes and threads, process 1 included
  std::chrono::milliseconds wall{120'000};
  std::chrono::milliseconds cpu_time{90'000};  ///< of all processes together
  int cpu_percent = 100;                       ///< of one processor, in each tenth of a second
  std::uint64_t scratch = 0;                   ///< bytes at BoxSpec::scratch_target; 0 = none
  std::uint64_t temporary = 64ULL << 20U;      ///< bytes of /tmp and of /dev/shm each, in memory
  std::uint64_t file_size = 64ULL << 20U;      ///< bytes of one file (RLIMIT_FSIZE)
  int open_files = 1024;                       ///< per process (RLIMIT_NOFILE)
  std::uint64_t output_kept = 1ULL << 20U;     ///< bytes of stdout and of stderr each
  std::uint64_t output_total = 64ULL << 20U;   ///< bytes of both; above it the box is killed
};

/// What a box sees besides its root file system.
struct Mount {
  /// Host file or directory, seen read-only and readable for others; a volume's path; or empty for
  /// a tmpfs. A unix socket can be connected to although it is mounted read-only.
  std::string source;
  /// Absolute path in the box: one that exists in the root file system, or one below an empty
  /// directory there (/srv, /mnt, /opt, /home, /root) or below a tmpfs of this list.
  std::string target;
  bool read_only = true;   ///< false only for a volume or a tmpfs
  std::uint64_t size = 0;  ///< bytes of a tmpfs
};

/// What a box can reach.
struct Network {
  enum class Kind {
    none,      ///< not even loopback sockets can be made
    loopback,  ///< a loopback of its own
    joined,    ///< the loopback of another box
  };
  Kind kind = Kind::none;
  int joined = -1;  ///< Box::network_namespace() of the other box
};

/// One isolated run. What no member names is the same for every box: read-only root, a user
/// namespace with uid 65534, no capability, no new privileges, own pid, ipc, uts, mount, network
/// and cgroup namespaces, filtered system calls, stdin /dev/null, tini as process 1.
struct BoxSpec {
  std::filesystem::path root;  ///< root file system, from ensure_root_file_system()
  std::vector<Mount> mounts;
  std::vector<std::string> argv;         ///< argv[0] is looked up in the PATH of `environment`
  std::vector<std::string> environment;  ///< "NAME=value", complete
  std::string directory = "/";           ///< working directory
  std::string scratch_target = "/scratch";
  std::string hostname = "box";
  Limits limits;
  Network network;
};

/// How a box ended and what it used. Output is hostile text: a claim, never evidence by itself.
struct BoxResult {
  enum class Status {
    ok,             ///< exit code 0
    nonzero,        ///< another exit code
    signal,         ///< ended by a signal
    wall,           ///< killed at the wall limit
    cpu,            ///< killed at the processor time limit
    oom,            ///< failed, and the kernel killed something of it for memory
    output,         ///< killed for printing too much
    disk,           ///< failed with a volume full
    pids,           ///< failed after a process or thread was refused
    sandbox_error,  ///< our fault: never costs points
  };
  Status status = Status::sandbox_error;
  int code = 0;
  int signal = 0;
  std::int64_t wall_ms = 0;
  std::int64_t cpu_ms = 0;        ///< user and system, of all processes
  std::uint64_t peak_bytes = 0;   ///< of memory, page cache included
  std::int64_t oom_kills = 0;     ///< processes that the kernel killed for memory
  std::int64_t pids_refused = 0;  ///< forks that failed at the limit
  bool truncated = false;         ///< more was printed than kept
  std::string out;
  std::string err;
  std::string detail;  ///< one sentence that explains a status other than ok
  bool ok() const { return status == Status::ok; }
};

/// "ok", "nonzero", …: as records and fixtures write it.
std::string_view name(BoxResult::Status status);

/// A file system of limited size that boxes write and the host only mounts, unmounts and copies
/// single files out of. Gone, with its content, when the last copy of the value goes.
class Volume {
 public:
  /// For Mount::source.
  const std::filesystem::path& path() const;

  /// False where no loop device could be had: then it is a tmpfs, whose content counts as memory of
  /// the box that wrote it.
  bool on_disk() const;

  /// True when (nearly) no block or no inode is left.
  bool full() const;

  /// See copy_out(); only after every box that could write it has ended.
  Copied copy_out(std::string_view name, std::uint64_t cap) const;

  /// From now on read-only, for every box; `file` (on the disk of the cache) keeps the content, for
  /// Sandbox::kept_volume(). Only after every box that could write it has ended. An Error where it
  /// is in memory.
  Result<void> keep(const std::filesystem::path& file) const;

 private:
  friend class Sandbox;
  std::shared_ptr<const VolumeImpl> impl_;
};

/// A started box. Killed, if it still runs, when the value goes.
class Box {
 public:
  Box(Box&&) noexcept;
  Box& operator=(Box&&) noexcept;
  ~Box();

  /// The name that the runtime knows it by, "grader-…".
  const std::string& id() const;

  /// Its end: by itself, at a limit, by kill() or by an interrupt (then an Error of that kind). The
  /// same result at every call. Nothing of the box is alive afterwards.
  Result<BoxResult> wait();

  /// True until its first process has ended.
  bool running() const;

  /// SIGKILL to everything in it; wait() then says Status::signal.
  void kill();

  /// Stops every process of it, and lets them go on. The limits on time keep counting.
  Result<void> freeze();
  Result<void> thaw();

  /// A held descriptor of its network namespace, for Network::joined of another box; ours to close.
  int network_namespace() const;

  /// What it printed so far, capped as in the result; hostile text.
  std::string out() const;
  std::string err() const;

  /// A file of its scratch, after wait(); see copy_out().
  Copied copy_out(std::string_view name, std::uint64_t cap) const;

 private:
  friend class Sandbox;
  explicit Box(std::unique_ptr<BoxImpl> impl);
  std::unique_ptr<BoxImpl> impl_;
};

/// The right to make boxes on this machine: a state directory with a lock that tells other graders
/// that our boxes are alive. Boxes and volumes keep it alive; it may be copied, and used from
/// several threads. While one lives, orphans of our helper programs become children of this
/// process.
class Sandbox {
 public:
  /// Checks that boxes can be made here, and removes boxes, mounts and control groups that killed
  /// graders left. Errors of kind sandbox say what is missing and the next step.
  static Result<Sandbox> open();

  /// Runs a box to its end. An Error is never the box's doing.
  Result<BoxResult> run(const BoxSpec& spec) const;

  /// Starts a box; it is killed when the value goes.
  Result<Box> start(const BoxSpec& spec) const;

  /// On disk where a loop device can be had; its top belongs to the user of boxes.
  Result<Volume> volume(std::uint64_t bytes) const;

  /// A read-only volume with the content that Volume::keep() put into `file`, which the host itself
  /// made and nobody else could write.
  Result<Volume> kept_volume(const std::filesystem::path& file) const;

 private:
  std::shared_ptr<HostState> state_;
};

}  // namespace grader::sandbox
