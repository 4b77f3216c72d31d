#include <algorithm>

#include "sandbox/rehearsal/rehearsing.hpp"
#include "sandbox/rehearsal/repairs.hpp"

namespace grader::sandbox {

/// A failure of ours leaves the questions of the probe open, no more.
Result<void> Rehearsing::run_probe() {
  const bool migrated = std::ranges::any_of(climbed_->rungs, [](const Rung& rung) {
    return rung.name == "migrate" && rung.status == RungStatus::passed;
  });
  if (!options_.probe || !migrated) return {};
  supply_late_secrets(plan_, arrangement_);
  Result<Probe> probe = runs().probe(tree_, plan_, arrangement_.environment, climbed_->labels);
  if (!probe && probe.error().kind == ErrorKind::interrupted) return tl::unexpected(probe.error());
  if (probe) {
    probe_ = std::move(*probe);
    return {};
  }
  probe_.emplace();
  probe_->problem = probe.error().what;
  probe_->by_us = true;
  return {};
}

}  // namespace grader::sandbox
