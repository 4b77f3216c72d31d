#include "grader/dossier/vocabulary.hpp"

#include <algorithm>
#include <set>

namespace grader::dossier {

const std::vector<FactName>& fact_names() {
  static const std::vector<std::string> yes_no{"true", "false"};
  static const std::vector<FactName> names{
      {"encryption.class",
       {"plaintext", "encoding", "toy_cipher", "hash_only", "weak_crypto", "sound", "client_side"}},
      {"encryption.key_source",
       {"hardcoded", "settings_constant", "secret_key", "env", "file_committed", "file_uncommitted",
        "db_beside_ciphertext", "random_per_process", "user_password_kdf", "user_password_raw",
        "none"}},
      {"owner", {"direct", "chain", "text", "none"}},
      {"ui", {"templates", "drf", "both", "none"}},
      {"view_kind", {"function", "class", "viewset"}},
      {"validation", {"forms", "serializers", "manual", "none"}},
      {"migrations", {"committed", "missing", "partial"}},
      {"tests.any", yes_no},
      {"features.search", yes_no},
      {"features.generator", yes_no},
      {"features.strength", yes_no},
      {"features.export", yes_no},
      {"features.import", yes_no},
      {"features.docker", yes_no},
      {"git.style", {"incremental", "few_batches", "single_dump"}},
      {"git.messages", {"good", "mixed", "poor"}},
      {"git.people", {"one", "several"}},
      {"strength", {"weak", "fair", "strong"}},
  };
  return names;
}

const std::vector<std::string>& place_names() {
  static const std::vector<std::string> names{
      "entry_model",   "secret_field", "owner_field",     "encryption",  "key",
      "create_view",   "list_view",    "update_view",     "delete_view", "export_view",
      "register_view", "login_view",   "generator_view",  "generator",   "list_lookup",
      "search_lookup", "create_save",  "best_view",       "worst_view",  "test",
      "migration",     "route",        "guard_decorator", "guard_mixin", "installed_apps",
      "readme",        "first_commit", "largest_commit",  "last_commit", "telling_commit"};
  return names;
}

const std::vector<std::string>& placeholder_names() {
  static const std::vector<std::string> names{
      "at",        "line",    "view",       "model",    "secret_field", "text_field",
      "fields",    "owner",   "algorithm",  "guard",    "test",         "tests",
      "best_view", "best_at", "worst_view", "worst_at", "share_places", "owned_views",
      "commit",    "subject", "commits"};
  return names;
}

std::vector<std::string> placeholders(std::string_view text) {
  std::set<std::string> found;
  for (std::size_t open = text.find('{'); open != text.npos; open = text.find('{', open + 1)) {
    const auto close = text.find('}', open);
    if (close == text.npos) break;
    const auto word = text.substr(open + 1, close - open - 1);
    const bool is_word = !word.empty() && std::ranges::all_of(word, [](char c) {
      return (c >= 'a' && c <= 'z') || c == '_';
    });
    if (is_word) found.emplace(word);
  }
  return {found.begin(), found.end()};
}

}  // namespace grader::dossier
