#pragma once

#include <string>
#include <vector>

#include "grader/project/models.hpp"
#include "grader/project/settings.hpp"
#include "grader/project/verdict.hpp"
#include "grader/project/views.hpp"

namespace grader::project {

/// What happens to the secret on its way to the database.
enum class Transform {
  none,         ///< stored as typed
  encoding,     ///< base64, hex, zlib
  toy_cipher,   ///< XOR, Caesar, substitution, home-made
  hash,         ///< one-way: cannot be shown again
  weak_crypto,  ///< a real cipher misused
  sound,        ///< authenticated encryption used rightly
  client_side,  ///< the browser encrypts
  unknown,
};

/// One write path of the secret: create, update, import, admin, API.
struct SecretWrite {
  std::string op;  ///< create, update, import, admin, api
  Transform transform = Transform::unknown;
  std::string algorithm;  ///< "Fernet", "AES-CBC", "base64", "make_password"
  Location at;            ///< where the value is transformed, or where it is saved as typed
  Location saved_at;
  std::string view;  ///< qualified name of the view, form, serializer or model method
  std::vector<Step> trace;
};

/// How entries' secrets are kept.
struct Secrets {
  Transform kind = Transform::unknown;
  std::string algorithm;
  /// hardcoded, settings_constant, secret_key, env, file_committed, file_uncommitted,
  /// db_beside_ciphertext, random_per_process, user_password_kdf, user_password_raw, none, or empty
  std::string key_source;
  Location at;      ///< the write path that decides
  Location key_at;  ///< where the key comes from
  std::vector<SecretWrite> writes;
  std::vector<std::string> weaknesses;  ///< "ECB", "static nonce", "unauthenticated"…
  std::string why;                      ///< why it is unknown
  std::vector<Step> trace;

  /// The writes that store the secret as it comes although others protect it.
  std::vector<const SecretWrite*> missing() const;
};

}  // namespace grader::project
