#pragma once

#include <optional>
#include <string>

#include "grader/base/result.hpp"
#include "tests/conformance/declarations.hpp"

namespace grader::conformance {

/// Keeps what was observed of a unit until one of our own files that it reads changes, its
/// arguments do, or this program does: parsing everything takes a minute, one changed file a
/// second.
class Cache {
 public:
  /// `folder` is made where it is missing.
  Cache(std::string folder, std::string top);

  /// What was kept, where it still holds.
  std::optional<Observed> find(const Unit& unit) const;

  /// Keeps it. A cache that cannot be written costs time, nothing else.
  void keep(const Unit& unit, const Observed& observed) const;

 private:
  std::string entry(const Unit& unit) const;
  std::string digest_of(const std::string& relative) const;

  std::string folder_;
  std::string top_;
  std::string program_;  ///< digest of this program
};

}  // namespace grader::conformance
