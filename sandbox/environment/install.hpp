#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "sandbox/environment/resolution.hpp"

namespace grader::sandbox {

/// What came of installing.
struct Installed {
  std::optional<Volume> environment;  ///< a virtual environment, to be mounted read-only
  Resolution resolution;              ///< what it was made of
  std::vector<std::pair<std::string, Wheel>> built;  ///< requirement → wheel built of its source
  /// Requirement → why it was left out, in the tools' words: no wheel, and no wheel could be built.
  std::vector<std::pair<std::string, std::string>> left_out;
  std::string problem;  ///< why there is no environment; empty otherwise
  bool by_us = false;   ///< the problem is the network's or ours, not the requirements'

  bool ok() const { return environment.has_value(); }
};

/// In three kinds of boxes: resolve and download, with the package index as the only way out; build
/// what has no wheel, without network, one source distribution a box; assemble, without network.
/// Resolutions, files and finished environments are kept in the host's cache. An Error is ours.
Result<Installed> install(const Sandbox& sandbox, const Host& host, const InstallRequest& request);

/// "name==version" of what is in it, sorted.
std::vector<std::string> distributions(const Installed& installed);

}  // namespace grader::sandbox
