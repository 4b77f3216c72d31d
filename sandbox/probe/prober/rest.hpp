#pragma once

#include <string>
#include <vector>

#include "sandbox/probe/prober/entry.hpp"

namespace grader::sandbox::prober {

/// Where what was typed was found.
struct Found {
  std::string place;  ///< table, file, session
  std::string where;
  std::string how;
};

/// How the secret is kept: words of AtRest in observed.hpp.
struct Rest {
  std::string kind;
  std::string why;
  std::string column;
  std::vector<Found> trail;
};

/// Looks for the entry's secret in every table and file, and where it is not found compares what is
/// kept of several secrets. Leaves the database as copy `base` has it.
Rest at_rest(World& world, const Hints& hints, Actor& actor, const Entry& entry, int base);

}  // namespace grader::sandbox::prober
