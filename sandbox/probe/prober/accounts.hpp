#pragma once

#include <string>
#include <vector>

#include "sandbox/probe/prober/submit.hpp"

namespace grader::sandbox::prober {

/// How a user was got: words of Accounts in observed.hpp.
struct Way {
  std::string registered;
  std::string signed_in;
  std::vector<std::string> notes;
};

/// Registers the actor by the application's own pages or API, or past them, and signs in. The
/// actor's cookies, header and account are set.
Way become_user(World& world, const Hints& hints, Actor& actor);

/// A name, an address and a password of this seed.
Actor draw_actor(World& world, const std::string& who);

}  // namespace grader::sandbox::prober
