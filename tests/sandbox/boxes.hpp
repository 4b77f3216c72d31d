#pragma once

#include <doctest/doctest.h>
#include <unistd.h>

#include <cstdlib>
#include <iostream>
#include <string>

#include "sandbox/box/box.hpp"
#include "sandbox/environment/rootfs.hpp"

namespace grader::sandbox::testing {

/// Boxes for a test program, made once. Null where they cannot be had: then the reason was printed;
/// under CI as root that is a failure.
inline const Sandbox* sandbox() {
  static const auto opened = [] {
    auto result = Sandbox::open();
    if (!result) std::cout << "SKIP: " << result.error().what << std::endl;
    return result;
  }();
  const bool must = std::getenv("CI") != nullptr && geteuid() == 0;
  if (must) REQUIRE_MESSAGE(opened.has_value(), to_string(opened.error()));
  return opened ? &*opened : nullptr;
}

inline const RootFileSystem& root() {
  static const auto built = ensure_root_file_system();
  REQUIRE_MESSAGE(built.has_value(), to_string(built.error()));
  return *built;
}

/// A box that runs a shell script.
inline BoxSpec shell(const std::string& script) {
  BoxSpec spec;
  spec.root = root().path;
  spec.argv = {"/bin/sh", "-c", script};
  spec.environment = {"PATH=/usr/bin:/bin", "HOME=/tmp"};
  spec.limits.wall = std::chrono::seconds(20);
  return spec;
}

inline BoxResult run(const BoxSpec& spec) {
  auto result = sandbox()->run(spec);
  REQUIRE_MESSAGE(result.has_value(), to_string(result.error()));
  return *result;
}

}  // namespace grader::sandbox::testing
