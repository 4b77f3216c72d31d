#pragma once

#include <string>

#include "grader/base/location.hpp"
#include "grader/project/flow/flow.hpp"

namespace grader::project {

struct Project;

/// Where the key of a cipher comes from.
struct KeyOrigin {
  std::string source;  ///< in the words of Secrets::key_source; empty where it is not followed
  Location at;
  bool usable_default = false;  ///< of env: a key in the code works where the variable is not set
  std::string name;             ///< the setting, variable, file or column
};

/// Follows a key to what it is made from. Of several parts the one that is hardest to get counts:
/// a user id beside a master password adds nothing.
KeyOrigin key_origin(const flow::Ref& key, const flow::Write& write, const flow::Flow& flow,
                     const Project& project);

}  // namespace grader::project
