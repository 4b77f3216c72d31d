#pragma once

#include <string_view>

#include "grader/project/models.hpp"

namespace grader::project {

/// How likely a field holds the secret of an entry: 0 for not at all. Its name in several
/// languages, its type, and words that say it is about a secret rather than one (hint, strength,
/// salt…).
int secret_score(const ModelField& field);

/// How likely a field is one that stands beside the secret in an entry: title, site, user name,
/// notes.
int companion_score(const ModelField& field);

}  // namespace grader::project
