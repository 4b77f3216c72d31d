#pragma once
// Private to grader/project: names and values that are credentials.

#include <string>
#include <string_view>
#include <vector>

#include "grader/project/files.hpp"
#include "grader/project/settings.hpp"

namespace grader::project {

/// What a name says that its value is: "db password", "email password", "password", "api key",
/// "encryption key", "oauth secret", "token", "django secret key"; empty for names of nothing
/// secret. `context` are further words around it: "DATABASES", "smtp".
std::string secret_kind(std::string_view name, std::string_view context = {});

/// True for values that stand for a secret without being one: '', "changeme", "<password>",
/// "${PASSWORD}", "your-password", messages, labels, paths, names.
bool is_placeholder(std::string_view value);

/// True for a value that nobody would write by chance: long, and of several kinds of characters.
bool is_strong(std::string_view value);

/// True where the value fits what the name says: any password but placeholders, strong keys.
bool is_credential(std::string_view kind, std::string_view value);

/// `kind` where the value is a credential of that kind, "encryption key" for a Fernet key under a
/// name that says no more than key; empty for all else.
std::string credential_kind(std::string_view name, const std::string& kind, std::string_view value);

/// 32 bytes in URL-safe base64: a key of Fernet.
bool is_fernet_key(std::string_view value);

/// The password in scheme://user:password@host; empty where there is none, or a placeholder.
std::string url_password(std::string_view value);

/// A secret that its own form gives away (private key blocks, tokens of well-known services):
/// where it begins in the text, and what it is.
struct Signature {
  std::size_t offset = 0;
  std::string what;
  std::string value;
};
/// All of them in a text, in one pass over it.
std::vector<Signature> signatures(std::string_view text);

/// True for tests, migrations and factories: what stands there opens nothing.
bool is_test_or_data(std::string_view path);

/// True for names (lower case) of files that secrets_of_files() looks into.
bool is_secret_file(std::string_view name);

/// Secrets in what is no Python: environment files, compose files, Dockerfiles, texts, key files.
/// Of an environment file the first, since the file is what must not be there, or `all`.
std::vector<CommittedSecret> secrets_of_files(const Files& files, bool all = false);

}  // namespace grader::project
