#include "grader/submission/known_hosts.hpp"

#include <fnmatch.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>
#include <optional>
#include <vector>

#include "grader/base/text.hpp"

namespace grader::submission {
namespace {

const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

std::optional<std::string> from_base64(std::string_view text) {
  if (text.empty() || text.size() % 4 != 0) return std::nullopt;
  std::string out(text.size() / 4 * 3, '\0');
  const int length = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(out.data()), bytes_of(text),
                                     static_cast<int>(text.size()));
  if (length < 0) return std::nullopt;
  const std::size_t padding = text.ends_with("==") ? 2 : (text.ends_with('=') ? 1 : 0);
  out.resize(static_cast<std::size_t>(length) - padding);
  return out;
}

/// "|1|SALT|HASH": HMAC-SHA1 of the name, keyed with the salt.
bool matches_hash(std::string_view pattern, const std::string& name) {
  const auto parts = text::split(pattern, '|');
  if (parts.size() != 4 || parts[1] != "1") return false;
  const auto salt = from_base64(parts[2]);
  const auto hash = from_base64(parts[3]);
  if (!salt || !hash) return false;
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int length = 0;
  HMAC(EVP_sha1(), salt->data(), static_cast<int>(salt->size()), bytes_of(name), name.size(),
       digest.data(), &length);
  return *hash == std::string_view(reinterpret_cast<const char*>(digest.data()), length);
}

bool matches(std::string_view pattern, const std::string& name) {
  if (pattern.starts_with('|')) return matches_hash(pattern, name);
  // Brackets are part of "[host]:port", not a set of characters as fnmatch() has them.
  auto escaped = text::replace_all(std::string(pattern), "\\", "\\\\");
  escaped = text::replace_all(std::move(escaped), "[", "\\[");
  return fnmatch(text::lower(escaped).c_str(), name.c_str(), 0) == 0;
}

bool names_host(std::string_view patterns, const std::string& name) {
  bool found = false;
  for (auto pattern : text::split(patterns, ',')) {
    const bool negated = pattern.starts_with('!');
    if (negated) pattern.remove_prefix(1);
    if (!matches(pattern, name)) continue;
    if (negated) return false;
    found = true;
  }
  return found;
}

/// The name of a key's type is the first string in it.
std::string_view type_of(std::string_view key) {
  if (key.size() < 4) return {};
  std::size_t length = 0;
  for (std::size_t i = 0; i < 4; ++i) length = length << 8U | bytes_of(key)[i];
  return length <= key.size() - 4 ? key.substr(4, length) : std::string_view();
}

std::vector<std::string_view> fields(std::string_view line) {
  std::vector<std::string_view> result;
  std::size_t start = 0;
  while ((start = line.find_first_not_of(" \t", start)) != std::string_view::npos) {
    const auto end = std::min(line.find_first_of(" \t", start), line.size());
    result.push_back(line.substr(start, end - start));
    start = end;
  }
  return result;
}

}  // namespace

HostKey find_host_key(std::string_view known_hosts, const std::string& host, int port,
                      std::string_view key) {
  const std::string name = port == 22 ? host : "[" + host + "]:" + std::to_string(port);
  HostKey verdict = HostKey::unknown;
  for (const auto line : text::lines(known_hosts)) {
    auto words = fields(line);
    if (words.empty() || words[0].starts_with('#')) continue;
    const bool revoked = words[0] == "@revoked";
    if (words[0].starts_with('@') && !revoked) continue;
    if (revoked) words.erase(words.begin());
    if (words.size() < 3 || !names_host(words[0], name)) continue;
    const auto known = from_base64(words[2]);
    if (!known) continue;
    const bool same = *known == key;
    if (revoked) {
      if (same) return HostKey::revoked;
      continue;
    }
    if (same) {
      verdict = HostKey::known;
    } else if (verdict != HostKey::known && type_of(*known) == type_of(key)) {
      verdict = HostKey::changed;
    } else if (verdict == HostKey::unknown) {
      verdict = HostKey::other_type;
    }
  }
  return verdict;
}

std::string fingerprint(std::string_view key) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int length = 0;
  EVP_Digest(key.data(), key.size(), digest.data(), &length, EVP_sha256(), nullptr);
  std::array<unsigned char, 64> encoded{};
  const int size = EVP_EncodeBlock(encoded.data(), digest.data(), static_cast<int>(length));
  std::string result(reinterpret_cast<const char*>(encoded.data()), static_cast<std::size_t>(size));
  while (result.ends_with('=')) result.pop_back();
  return "SHA256:" + result;
}

}  // namespace grader::submission
