#pragma once

#include <string>
#include <vector>

#include "sandbox/environment/resolution.hpp"

namespace grader::sandbox {

/// A wheel that was built of a source distribution, and what it says it needs. Whatever its setup
/// code did stayed in its box; the bytes are hostile.
struct Built {
  Wheel wheel;                            ///< at built_folder() / WheelStore::place_of(wheel)
  std::vector<std::string> requirements;  ///< plain ones only
  std::string problem;  ///< why there is none, in the tools' words; empty otherwise
};

/// Where built wheels lie: apart from those of the index, each reached through its source alone.
std::filesystem::path built_folder(const Host& host, const Wheel& source,
                                   const Interpreter& interpreter = {});

/// Builds in a box without network, with setuptools and others of today, then of long ago. The
/// same source is built once: its digest and the root file system's name the result.
Result<Built> build(const Sandbox& sandbox, const Host& host, const Wheel& source,
                    const Resolution& resolution);

}  // namespace grader::sandbox
