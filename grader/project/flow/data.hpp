#pragma once

#include <string>

#include "grader/project/flow/value.hpp"

namespace grader::project::flow {

/// The last piece of text written in the code that a path is put together from: "secret.key" of
/// os.path.join(BASE_DIR, "secret.key").
std::string path_text(const Ref& value);

}  // namespace grader::project::flow
