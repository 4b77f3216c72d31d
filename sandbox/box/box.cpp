#include "sandbox/box/box.hpp"

#include "grader/base/interrupt.hpp"
#include "sandbox/box/launch.hpp"
#include "sandbox/box/state.hpp"
#include "sandbox/box/volume.hpp"

namespace grader::sandbox {

Box::Box(std::unique_ptr<BoxImpl> impl) : impl_(std::move(impl)) {}
Box::Box(Box&&) noexcept = default;
Box& Box::operator=(Box&&) noexcept = default;
Box::~Box() = default;

const std::string& Box::id() const { return impl_->id(); }

Result<BoxResult> Box::wait() { return impl_->wait(); }

bool Box::running() const { return impl_->supervisor().running(); }

void Box::kill() { impl_->supervisor().kill(); }

Result<void> Box::freeze() { return impl_->supervisor().freeze(true); }

Result<void> Box::thaw() { return impl_->supervisor().freeze(false); }

int Box::network_namespace() const { return impl_->network_namespace(); }

std::string Box::out() const { return impl_->supervisor().out(); }

std::string Box::err() const { return impl_->supervisor().err(); }

Copied Box::copy_out(std::string_view name, std::uint64_t cap) const {
  if (running()) return {Copied::Status::refused, {}, "the box still runs"};
  if (!impl_->scratch()) return {Copied::Status::absent, {}, "the box has no scratch"};
  return sandbox::copy_out(impl_->scratch()->path, name, cap);
}

Result<Sandbox> Sandbox::open() {
  auto state = HostState::open();
  if (!state) return tl::unexpected(state.error());
  Sandbox result;
  result.state_ = std::move(*state);
  return result;
}

Result<Volume> Sandbox::volume(std::uint64_t bytes) const {
  auto made = make_volume(state_, bytes);
  if (!made) return tl::unexpected(made.error());
  Volume volume;
  volume.impl_ = std::move(*made);
  return volume;
}

Result<Volume> Sandbox::kept_volume(const std::filesystem::path& file) const {
  auto opened = open_volume(state_, file);
  if (!opened) return tl::unexpected(opened.error());
  Volume volume;
  volume.impl_ = std::move(*opened);
  return volume;
}

Result<Box> Sandbox::start(const BoxSpec& spec) const {
  if (interrupt::requested()) return fail(ErrorKind::interrupted, "interrupted");
  auto impl = std::make_unique<BoxImpl>(state_, spec.limits);
  if (auto launched = impl->launch(spec); !launched) return tl::unexpected(launched.error());
  return Box(std::move(impl));
}

Result<BoxResult> Sandbox::run(const BoxSpec& spec) const {
  auto box = start(spec);
  if (!box) return tl::unexpected(box.error());
  return box->wait();
}

}  // namespace grader::sandbox
