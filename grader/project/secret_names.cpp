#include "grader/project/secret_names.hpp"

#include <algorithm>
#include <array>

#include "grader/base/text.hpp"

namespace grader::project {
namespace {

/// Words for «password», lower case, in English, French, Portuguese, Spanish, German, Italian,
/// Polish, Dutch, Turkish, Russian and Uzbek (with common transcriptions).
constexpr std::array strong_words{
    std::string_view("password"),     std::string_view("passwd"),
    std::string_view("pwd"),          std::string_view("passcode"),
    std::string_view("passphrase"),   std::string_view("motdepasse"),
    std::string_view("mot_de_passe"), std::string_view("mdp"),
    std::string_view("senha"),        std::string_view("contrasena"),
    std::string_view("contraseña"),   std::string_view("contrasenia"),
    std::string_view("kennwort"),     std::string_view("passwort"),
    std::string_view("haslo"),        std::string_view("hasło"),
    std::string_view("wachtwoord"),   std::string_view("sifre"),
    std::string_view("şifre"),        std::string_view("parola"),
    std::string_view("parol"),        std::string_view("пароль"),
    std::string_view("passw"),        std::string_view("pswd"),
};

constexpr std::array weak_words{
    std::string_view("secret"),     std::string_view("pass"),      std::string_view("cipher"),
    std::string_view("ciphertext"), std::string_view("encrypted"), std::string_view("clave"),
    std::string_view("pw"),
};

/// Words that make a field one about a secret.
constexpr std::array about_words{
    std::string_view("hint"),     std::string_view("strength"), std::string_view("score"),
    std::string_view("salt"),     std::string_view("iv"),       std::string_view("nonce"),
    std::string_view("tag"),      std::string_view("date"),     std::string_view("changed"),
    std::string_view("updated"),  std::string_view("created"),  std::string_view("expires"),
    std::string_view("expiry"),   std::string_view("length"),   std::string_view("count"),
    std::string_view("type"),     std::string_view("category"), std::string_view("description"),
    std::string_view("belongs"),  std::string_view("name"),     std::string_view("title"),
    std::string_view("reset"),    std::string_view("last"),     std::string_view("key"),
    std::string_view("question"), std::string_view("url"),      std::string_view("history"),
};

constexpr std::array text_types{
    std::string_view("CharField"), std::string_view("TextField"),  std::string_view("BinaryField"),
    std::string_view("JSONField"), std::string_view("ArrayField"),
};

template <typename Words>
bool has_word(const std::vector<std::string>& words, const Words& wanted) {
  return std::ranges::any_of(words, [&](const std::string& word) {
    return std::ranges::find(wanted, word) != wanted.end();
  });
}

template <typename Words>
bool has_part(std::string_view name, const Words& wanted) {
  return std::ranges::any_of(wanted,
                             [&](std::string_view word) { return name.find(word) != name.npos; });
}

bool holds_text(const ModelField& field) {
  if (field.relation) return false;
  if (field.encrypted_type) return true;
  const bool known_type = std::ranges::any_of(
      text_types, [&](std::string_view type) { return field.type.ends_with(type); });
  const bool django = field.type.starts_with("django.db.models.");
  return known_type || !django;
}

}  // namespace

bool names_a_secret(std::string_view identifier) {
  const auto words = text::words(identifier);
  if (has_word(words, about_words)) return false;
  return has_part(text::lower(identifier), strong_words) || has_word(words, weak_words);
}

int secret_score(const ModelField& field) {
  if (!holds_text(field)) return 0;
  const auto words = text::words(field.name);
  const std::string name = text::lower(field.name);
  int score = 0;
  if (has_part(name, strong_words)) {
    score = has_word({name}, strong_words) ? 13 : 12;
  } else if (has_word(words, weak_words)) {
    score = 7;
  }
  if (score == 0) return 0;
  if (has_word(words, about_words)) return 0;
  if (text::contains_any(name, {"master"})) score -= 6;
  if (text::contains_any(name, {"hash"})) score -= 2;
  if (text::contains_any(name, {"confirm", "old", "previous", "_2"})) score -= 3;
  return std::max(score, 0);
}

int companion_score(const ModelField& field) {
  const auto words = text::words(field.name);
  static constexpr std::array beside{
      std::string_view("title"),  std::string_view("titre"),    std::string_view("name"),
      std::string_view("nom"),    std::string_view("site"),     std::string_view("website"),
      std::string_view("url"),    std::string_view("service"),  std::string_view("username"),
      std::string_view("login"),  std::string_view("email"),    std::string_view("identifiant"),
      std::string_view("notes"),  std::string_view("note"),     std::string_view("application"),
      std::string_view("app"),    std::string_view("platform"), std::string_view("account"),
      std::string_view("domain"), std::string_view("usuario"),  std::string_view("logo"),
      std::string_view("link"),   std::string_view("category"), std::string_view("created"),
  };
  return has_word(words, beside) ? 1 : 0;
}

}  // namespace grader::project
