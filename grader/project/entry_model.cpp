#include <algorithm>
#include <array>

#include "grader/base/text.hpp"
#include "grader/project/models.hpp"
#include "grader/project/secret_names.hpp"

/// Which model holds the entries, and which of its columns the secret.
namespace grader::project {
namespace {

/// Below this, further models only speak of secrets: hashes of old logins, requests to reset.
constexpr int least_secret = 4;

/// By its name: rules, requests and records, not entries.
bool is_about_secrets(const Model& model) {
  return text::contains_any(text::lower(model.name),
                            {"histor", "setting", "config", "generat", "log", "reset", "master",
                             "token", "otp", "share", "request", "policy"});
}

int entry_score(const Model& model) {
  if (model.abstract || model.is_user) return 0;
  int best_secret = 0;
  int companions = 0;
  for (const auto& field : model.fields) {
    best_secret = std::max(best_secret, secret_score(field));
    companions += companion_score(field) > 0 ? 1 : 0;
  }
  if (best_secret == 0) return 0;
  int score = best_secret + 3 * std::min(companions, 3);
  if (model.owner.kind != Owner::Kind::none) score += 4;
  if (model.owner.kind == Owner::Kind::direct) score += 1;
  const bool account = model.field("is_active") != nullptr ||
                       model.field("last_login") != nullptr || model.field("first_name") != nullptr;
  if (account && model.owner.kind == Owner::Kind::none) score -= 10;
  if (is_about_secrets(model)) score -= 8;
  return std::max(score, 1);
}

/// Files that are kept encrypted, as the names say: EncryptedFile.file, Document.encrypted_file.
bool keeps_files(const Model& model) {
  if (model.abstract || model.is_user || model.owner.kind == Owner::Kind::none) return false;
  return std::ranges::any_of(model.fields, [&](const ModelField& field) {
    const bool file = field.type.ends_with("FileField");
    return file && text::contains_any(text::lower(model.name + " " + field.name),
                                      {"encrypt", "secret", "secure", "vault", "chiffr", "cifrad"});
  });
}

/// Columns that say nothing of themselves, under a model that does: Password.value, Secret.data.
constexpr std::array bare_names{
    std::string_view("value"),     std::string_view("content"),  std::string_view("contents"),
    std::string_view("text"),      std::string_view("data"),     std::string_view("body"),
    std::string_view("hash"),      std::string_view("valeur"),   std::string_view("valor"),
    std::string_view("contenido"), std::string_view("conteudo"), std::string_view("wert"),
};

/// The column of a model whose own name is the only word for a secret, or null.
const ModelField* bare_secret(const Model& model) {
  if (model.abstract || model.is_user || is_about_secrets(model)) return nullptr;
  if (!names_a_secret(model.name)) return nullptr;
  const ModelField* best = nullptr;
  std::size_t best_rank = bare_names.size();
  for (const auto& field : model.fields) {
    const auto words = text::words(field.name);
    const auto found =
        words.empty() ? bare_names.end() : std::ranges::find(bare_names, words.back());
    const auto rank = static_cast<std::size_t>(found - bare_names.begin());
    const bool text = field.type.ends_with("CharField") || field.type.ends_with("TextField") ||
                      field.type.ends_with("BinaryField") || field.encrypted_type;
    if (!text || rank >= best_rank) continue;
    best_rank = rank;
    best = &field;
  }
  return best;
}

/// Where no column is named after a secret, a model may be.
void choose_bare_entry(Models& models) {
  const ModelField* secret = nullptr;
  for (std::size_t i = 0; i < models.all.size(); ++i) {
    const ModelField* found = bare_secret(models.all[i]);
    const bool owned = models.all[i].owner.kind != Owner::Kind::none;
    if (found == nullptr || (secret != nullptr && !owned)) continue;
    secret = found;
    models.entry = static_cast<int>(i);
    models.secret_field = found->name;
    if (owned) return;
  }
}

}  // namespace

void choose_entry(Models& models) {
  int best = 0;
  for (std::size_t i = 0; i < models.all.size(); ++i) {
    const int score = entry_score(models.all[i]);
    if (score > best) {
      best = score;
      models.entry = static_cast<int>(i);
    }
  }
  if (models.entry < 0) return choose_bare_entry(models);
  int best_secret = 0;
  for (const auto& field : models.entry_model()->fields) {
    if (const int score = secret_score(field); score > best_secret) {
      best_secret = score;
      models.secret_field = field.name;
    }
  }
  for (std::size_t i = 0; i < models.all.size(); ++i) {
    const Model& model = models.all[i];
    const bool secret = entry_score(model) > least_secret || keeps_files(model);
    if (static_cast<int>(i) != models.entry && secret) {
      models.other_secrets.push_back(static_cast<int>(i));
    }
  }
}

}  // namespace grader::project
