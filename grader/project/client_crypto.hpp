#pragma once

#include <optional>
#include <string>

#include "grader/base/location.hpp"

namespace grader::project {

struct Project;

/// A call in the browser's code that encrypts a secret before it is sent.
struct ClientCipher {
  std::string algorithm;
  std::string key_source;  ///< user_password_kdf or user_password_raw
  Location at;             ///< the call of the library
  Location used_at;        ///< where a secret is handed to it
};

/// The first encryption of a secret in scripts of templates and in the submission's own JavaScript
/// and TypeScript. Text is searched, comments left out; minified and vendored files too.
std::optional<ClientCipher> find_client_cipher(const Project& project);

/// Text with JavaScript's comments blanked at the same length. Linear.
std::string without_script_comments(std::string_view text);

}  // namespace grader::project
