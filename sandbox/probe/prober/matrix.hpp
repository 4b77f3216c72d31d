#pragma once

#include <set>
#include <string>
#include <vector>

#include "sandbox/probe/observed.hpp"
#include "sandbox/probe/prober/entry.hpp"

namespace grader::sandbox::prober {

/// The three who ask, as they are in copy `base` of the database.
struct Cast {
  Actor owner;
  Actor other;
  Actor nobody;
  Entry entry;                  ///< the owner's
  std::optional<Entry> second;  ///< the other's own
  int base = 0;
};

/// Which trials are to be made: all, or those of a first run that accuse.
struct Wanted {
  bool all = true;
  bool further = false;        ///< the questions of extras.hpp too
  std::set<std::string> keys;  ///< key_of(trial)
  bool wants_route(const std::string& route) const;
};

/// "route method purpose"
std::string key_of(const RouteTrial& trial);

/// Every route by every method as the owner, the other user and nobody, each from the same state.
std::vector<RouteTrial> try_routes(World& world, const Hints& hints, const Cast& cast,
                                   const Wanted& wanted);

}  // namespace grader::sandbox::prober
