#pragma once

#include <array>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sandbox/environment/drive.hpp"
#include "sandbox/environment/interpreters.hpp"
#include "sandbox/environment/wheels.hpp"

namespace grader::sandbox {

/// What to install. Only plain requirements: whoever calls has checked them.
struct InstallRequest {
  /// A requirement and its alternatives, nearest first; an empty alternative leaves it out.
  std::vector<std::vector<std::string>> choices;
  /// Distributions that were uploaded later are not seen ("2024-05-01"), where that has a solution;
  /// empty: no bound.
  std::string newest;
  Interpreter interpreter{};  ///< that the distributions are for
  /// Normalised names that are taken as source distributions, since their wheels are too old.
  std::vector<std::string> from_source{};
};

/// True where `name` and `specifier` are a requirement and nothing else (PEP 508 without URL,
/// marker and option): only such a line reaches an installer.
bool is_plain_requirement(std::string_view name, std::string_view specifier);

/// What the index has for a request; its files are in the host's cache.
struct Resolution {
  std::vector<Wheel> wheels;
  std::vector<std::pair<std::string, Wheel>> sources;  ///< requirement → what has no wheel at all
  std::array<std::vector<Wheel>, 2> backends;  ///< that build sources: of today, of long ago
  std::vector<std::pair<std::string, std::string>> replaced;  ///< requirement → alternative taken
  std::vector<std::string> unavailable;  ///< neither wheel nor source under any alternative
  std::string conflict;  ///< pins that contradict each other, in uv's words; taken as listed
  std::string newest;    ///< the bound in force
  Interpreter interpreter;
  std::vector<std::string> refused;  ///< hosts that were asked for and refused; hostile text
  std::string problem;  ///< why there is no solution, in the tools' words; empty otherwise
  bool by_us = false;   ///< the problem is the network's or ours, not the requirements'
};

WheelStore wheel_store(const Host& host);
WheelStore source_store(const Host& host);

/// Resolves and downloads in one box, whose only way out is the package index; nothing is built or
/// run there. What was resolved once, and whose files are at hand, needs no network.
Result<Resolution> resolve(const Sandbox& sandbox, const Host& host, const InstallRequest& request);

}  // namespace grader::sandbox
