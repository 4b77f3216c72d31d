#pragma once

#include <vector>

#include "sandbox/probe/observed.hpp"
#include "sandbox/probe/prober/matrix.hpp"

namespace grader::sandbox::prober {

/// Markup that comes back as markup, quotes that break or widen a search, values that end in a
/// server error, a session that outlives signing out, queries that grow with rows. `trials` say
/// where the owner sees the entry. Leaves the database as copy `cast.base` has it.
std::vector<Remark> look_further(World& world, const Hints& hints, const Cast& cast,
                                 const std::vector<RouteTrial>& trials);

/// Where nothing but that it differs is known of what is kept: alters stored bytes one at a time
/// and looks whether the owner is shown an altered secret. Sets the kind where that decides.
void tamper(World& world, const Cast& cast, const std::vector<RouteTrial>& trials, AtRest& rest);

}  // namespace grader::sandbox::prober
