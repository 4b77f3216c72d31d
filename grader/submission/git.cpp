#include "grader/submission/git.hpp"

#include <array>
#include <mutex>

#include "grader/base/text.hpp"

// Debian's libgit2 parses all certificates of the system when it starts: 4 of the 30 ms that a
// static grade may take, for a TLS that is never used here (tls.hpp brings ours). This definition
// takes the place of the library's. Were its TLS used after all, it would trust nobody. A build
// from archives has it in cmake/libraries.
#ifndef GRADER_ARCHIVES
extern "C" int mbedtls_x509_crt_parse_file(void* chain, const char* path);
extern "C" int mbedtls_x509_crt_parse_file(void* /*chain*/, const char* /*path*/) { return 0; }
#endif

namespace grader::submission::git {

void start() {
  static std::once_flag once;
  std::call_once(once, [] {
    git_libgit2_init();
    for (const int level : {GIT_CONFIG_LEVEL_SYSTEM, GIT_CONFIG_LEVEL_GLOBAL, GIT_CONFIG_LEVEL_XDG,
                            GIT_CONFIG_LEVEL_PROGRAMDATA}) {
      git_libgit2_opts(GIT_OPT_SET_SEARCH_PATH, level, "");
    }
    git_libgit2_opts(GIT_OPT_SET_TEMPLATE_PATH, "");
    git_libgit2_opts(GIT_OPT_ENABLE_STRICT_HASH_VERIFICATION, 0);
    // Unpacked trees are few; the default of 256 MiB would only let a hostile history grow us.
    git_libgit2_opts(GIT_OPT_SET_CACHE_MAX_SIZE, static_cast<ssize_t>(24) << 20U);
  });
}

std::string last_message() {
  const git_error* error = git_error_last();
  if (error == nullptr || error->message == nullptr) return "unknown error";
  auto message = text::replace_all(text::to_utf8(error->message), "\n", " ");
  while (message.ends_with('.') || message.ends_with(' ')) message.pop_back();
  return message;
}

bool intact(const OdbObject& object) {
  git_oid hash{};
  return git_odb_hash(&hash, git_odb_object_data(object.get()), git_odb_object_size(object.get()),
                      git_odb_object_type(object.get())) == 0 &&
         git_oid_equal(&hash, git_odb_object_id(object.get())) != 0;
}

std::string to_hex(const git_oid& oid) {
  std::array<char, GIT_OID_HEXSZ> digits{};
  git_oid_fmt(digits.data(), &oid);
  return {digits.data(), digits.size()};
}

std::optional<git_oid> from_hex(const std::string& hex) {
  git_oid oid{};
  if (hex.size() != GIT_OID_HEXSZ || git_oid_fromstr(&oid, hex.c_str()) != 0) return std::nullopt;
  return oid;
}

}  // namespace grader::submission::git
