#include "sandbox/box/launch.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <fstream>

#include "sandbox/box/oci_config.hpp"
#include "sandbox/box/runtime.hpp"

namespace grader::sandbox {
namespace {

namespace fs = std::filesystem;

tl::unexpected<Error> system_error(const std::string& what, const std::string& where) {
  return fail(ErrorKind::sandbox, what + ": " + std::strerror(errno), where);
}

struct Pipe {
  Descriptor read;
  Descriptor write;
};

/// The box's user may open its end again by name (/dev/stdout).
Result<Pipe> make_pipe() {
  std::array<int, 2> ends{-1, -1};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) return system_error("cannot make a pipe", "box");
  Pipe pipe{Descriptor(ends[0]), Descriptor(ends[1])};
  if (fcntl(ends[0], F_SETFL, O_NONBLOCK) != 0 || fchown(ends[1], host_user_id, host_user_id) != 0)
    return system_error("cannot give a pipe to the box", "box");
  return pipe;
}

Result<void> check(const BoxSpec& spec) {
  const auto wrong = [](const std::string& what) {
    return fail(ErrorKind::internal, what, "box specification");
  };
  if (spec.argv.empty() || spec.argv.front().empty()) return wrong("no program");
  if (!spec.directory.starts_with('/')) return wrong("the working directory is not absolute");
  if (spec.limits.memory == 0 || spec.limits.pids <= 0 || spec.limits.cpu_percent <= 0)
    return wrong("a limit is missing");
  if (spec.network.kind == Network::Kind::joined && spec.network.joined < 0)
    return wrong("no network namespace to join");
  if (!fs::exists(spec.root / "usr/bin/tini"))
    return fail(ErrorKind::sandbox, "the root file system of boxes has no /usr/bin/tini",
                spec.root.string(), "remove this folder; it is built again at the next run");
  return {};
}

}  // namespace

BoxImpl::BoxImpl(std::shared_ptr<HostState> state, Limits limits)
    : state_(std::move(state)), limits_(limits), id_(state_->next_id()) {}

BoxImpl::~BoxImpl() {
  if (supervisor_) supervisor_->kill();
  if (supervisor_) supervisor_->wait();
  forget();
}

void BoxImpl::forget() {
  if (!made_) return;
  made_ = false;
  std::error_code ignored;
  // Of a box that has ended, its control group and the runtime's notes are left. Doing away with
  // them here saves a start of the runtime, a sixth of what a box costs.
  const bool ended = supervisor_ && !supervisor_->running();
  if (ended && state_->cgroups().remove(id_)) fs::remove_all(state_->folder("runc") / id_, ignored);
  // It may know nothing of a box whose making failed early, while its control group is there.
  else if (!runtime::remove(state_->folder("runc"), id_))
    state_->cgroups().remove(id_);
  fs::remove_all(bundle(), ignored);
}

void BoxImpl::remember_writable(const BoxSpec& spec) {
  for (const Mount& mount : spec.mounts)
    if (!mount.read_only && !mount.source.empty()) writable_.emplace_back(mount.source);
}

Result<std::string> BoxImpl::configure(BoxSpec& spec) {
  if (auto checked = check(spec); !checked) return tl::unexpected(checked.error());
  if (spec.limits.scratch > 0) {
    auto scratch = make_volume(state_, spec.limits.scratch);
    if (!scratch) return tl::unexpected(scratch.error());
    scratch_ = std::move(*scratch);
    spec.mounts.push_back({scratch_->path.string(), spec.scratch_target, false, 0});
  }
  remember_writable(spec);
  auto root = state_->mounted_root(spec.root);
  if (!root) return tl::unexpected(root.error());
  auto mounts = plan_mounts(spec, state_->folder("volumes"));
  if (!mounts) return tl::unexpected(mounts.error());
  return oci_config(spec, {id_, root->string(), std::move(*mounts)});
}

Result<void> BoxImpl::write_bundle(const std::string& config) const {
  if (mkdir(bundle().c_str(), 0700) != 0) return system_error("cannot make it", bundle().string());
  const fs::path path = bundle() / "config.json";
  std::ofstream file(path);
  if (!(file << config << std::flush)) return system_error("cannot write it", path.string());
  return {};
}

Result<void> BoxImpl::run(const std::string& config) {
  auto out = make_pipe();
  auto err = make_pipe();
  if (!out || !err) return tl::unexpected((out ? err : out).error());
  made_ = true;
  if (auto written = write_bundle(config); !written) return written;
  const fs::path runc = state_->folder("runc");
  auto pid = runtime::create(runc, bundle(), id_, out->write.get(), err->write.get());
  if (!pid) return tl::unexpected(pid.error());
  // It waits to be started, and its number stays its own until we have read its exit status.
  Descriptor process(static_cast<int>(syscall(SYS_pidfd_open, *pid, 0)));
  network_ =
      Descriptor(open(("/proc/" + std::to_string(*pid) + "/ns/net").c_str(), O_RDONLY | O_CLOEXEC));
  if (!process.valid() || !network_.valid()) return system_error("a box was lost", id_);
  if (auto started = runtime::start(runc, id_); !started) return started;
  // Its time counts from here: a busy machine may take seconds to start it.
  supervisor_ = std::make_unique<Supervisor>(
      Supervisor::Watched{id_, std::move(process), std::move(out->read), std::move(err->read),
                          limits_, &state_->cgroups()});
  return {};
}

Result<void> BoxImpl::launch(BoxSpec spec) {
  auto config = configure(spec);
  if (!config) return tl::unexpected(config.error());
  return run(*config);
}

Result<BoxResult> BoxImpl::wait() {
  const std::lock_guard guard(finishing_);
  if (result_) return *result_;
  Ending ending = supervisor_->wait();
  ending.volume_full = std::any_of(writable_.begin(), writable_.end(), is_full);
  BoxResult collected = judge(ending, limits_);
  collected.out = supervisor_->out();
  collected.err = supervisor_->err();
  collected.truncated = supervisor_->truncated();
  forget();
  if (ending.by == Ended::interrupted)
    result_.emplace(fail(ErrorKind::interrupted, "interrupted"));
  else
    result_.emplace(std::move(collected));
  return *result_;
}

}  // namespace grader::sandbox
