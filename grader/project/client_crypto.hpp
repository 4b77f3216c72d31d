#pragma once

#include <optional>
#include <string>

#include "grader/base/location.hpp"

namespace grader::project {

struct Project;

/// A call in the browser's code that encrypts a secret before it is sent.
struct ClientCipher {
  std::string algorithm;
  bool own = false;        ///< by a function of the submission that no library stands behind
  std::string key_source;  ///< user_password_kdf or user_password_raw
  Location at;             ///< the call of the library
  Location used_at;        ///< where a secret is handed to it
};

/// The first encryption of a secret in scripts of templates and in the submission's own JavaScript
/// and TypeScript: a call that leads to a library's cipher, through functions of any file, and that
/// is handed a secret or gives one its value. Minified and vendored files are left out.
std::optional<ClientCipher> find_client_cipher(const Project& project);

}  // namespace grader::project
