#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "sandbox/environment/drive.hpp"
#include "sandbox/environment/wheels.hpp"

namespace grader::sandbox {

/// What to install. Only plain requirements (a name and bounds): whoever calls has checked them.
struct InstallRequest {
  /// A requirement and its alternatives, nearest first; an empty alternative leaves it out.
  std::vector<std::vector<std::string>> choices;
  /// Distributions that were uploaded later are not seen ("2024-05-01"), where that has a solution;
  /// empty: no bound.
  std::string newest;
};

/// What came of it.
struct Installed {
  std::optional<Volume> environment;  ///< a virtual environment, to be mounted read-only
  std::vector<Wheel> wheels;          ///< what is in it
  std::vector<std::pair<std::string, std::string>> replaced;  ///< requirement → alternative taken
  std::vector<std::string> unavailable;  ///< no wheel under any alternative: left out
  std::string conflict;  ///< pins that contradict each other, in uv's words; taken as listed
  std::string newest;    ///< the bound in force
  std::vector<std::string> refused;  ///< hosts that were asked for and refused; hostile text
  std::string problem;  ///< why there is no environment, in the tools' words; empty otherwise
  bool by_us = false;   ///< the problem is the network's or ours, not the requirements'

  bool ok() const { return environment.has_value(); }
};

/// Resolves and downloads in one box, whose only way out is the package index; assembles in another
/// without network. Nothing of a distribution is built or run. Resolutions, wheels and
/// finished environments are kept in the host's cache: what was resolved once needs no network. An
/// Error is ours.
Result<Installed> install(const Sandbox& sandbox, const Host& host, const InstallRequest& request);

/// "name==version" of the wheels, sorted.
std::vector<std::string> distributions(const Installed& installed);

}  // namespace grader::sandbox
