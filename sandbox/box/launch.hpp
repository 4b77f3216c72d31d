#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "sandbox/box/box.hpp"
#include "sandbox/box/state.hpp"
#include "sandbox/box/supervisor.hpp"
#include "sandbox/box/volume.hpp"

namespace grader::sandbox {

/// A box that was made: what must be undone when it goes.
class BoxImpl {
 public:
  /// Nothing is started yet.
  BoxImpl(std::shared_ptr<HostState> state, Limits limits);
  ~BoxImpl();
  BoxImpl(const BoxImpl&) = delete;
  BoxImpl& operator=(const BoxImpl&) = delete;

  /// Waits for its end, or for a limit to end it.
  Result<BoxResult> wait();

  const std::string& id() const { return id_; }
  const std::shared_ptr<const VolumeImpl>& scratch() const { return scratch_; }
  Supervisor& supervisor() const { return *supervisor_; }
  int network_namespace() const { return network_.get(); }

  /// Makes and starts it; once.
  Result<void> launch(BoxSpec spec);

 private:
  Result<std::string> configure(BoxSpec& spec);
  Result<void> write_bundle(const std::string& config) const;
  Result<void> run(const std::string& config);
  std::filesystem::path bundle() const { return state_->folder("boxes") / id_; }
  void remember_writable(const BoxSpec& spec);
  void forget();

  std::shared_ptr<HostState> state_;
  Limits limits_;
  std::string id_;
  bool made_ = false;  ///< something of it is on the machine
  std::shared_ptr<const VolumeImpl> scratch_;
  std::vector<std::filesystem::path> writable_;  ///< mount points of its volumes
  Descriptor network_;
  std::unique_ptr<Supervisor> supervisor_;
  std::mutex finishing_;
  std::optional<Result<BoxResult>> result_;
};

}  // namespace grader::sandbox
