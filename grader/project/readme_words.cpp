#include "grader/project/readme_words.hpp"

#include <algorithm>
#include <array>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "grader/base/text.hpp"

namespace grader::project {
namespace {

using Words = std::span<const std::string_view>;

// English, Russian, French, Spanish, German, Portuguese.
constexpr auto limitation_headings = std::to_array<std::string_view>({
    "limitation",
    "known issue",
    "known problem",
    "known bug",
    "issues",
    "caveat",
    "shortcoming",
    "drawback",
    "not implemented",
    "not yet",
    "missing feature",
    "what is missing",
    "what's missing",
    "to do",
    "todo",
    "to-do",
    "unfinished",
    "trade-off",
    "tradeoff",
    "огранич",
    "недостат",
    "известные проблемы",
    "не реализовано",
    "не сделано",
    "limites",
    "problèmes connus",
    "non implémenté",
    "reste à faire",
    "manques",
    "limitacion",
    "problemas conocidos",
    "pendiente",
    "no implementado",
    "einschränkung",
    "grenzen",
    "bekannte probleme",
    "bekannte fehler",
    "nicht implementiert",
    "limitaç",
    "problemas conhecidos",
    "pendente",
    "não implementado",
});

constexpr auto not_limitation_headings = std::to_array<std::string_view>(
    {"report", "security issues", "rate limit", "fixed", "resolved"});

constexpr auto plan_headings = std::to_array<std::string_view>({
    "future",         "roadmap",      "planned", "next step",    "improvement", "ideas",
    "wish",           "todo",         "to do",   "to-do",        "планы",       "улучшени",
    "в будущем",      "amélioration", "à venir", "perspectives", "mejoras",     "futuro",
    "próximos pasos", "zukunft",      "geplant", "ausblick",     "melhorias",   "próximos passos",
});

constexpr auto limitation_phrases = std::to_array<std::string_view>({
    "limitation",
    "known issue",
    "does not work",
    "doesn't work",
    "do not work",
    "don't work",
    "not working",
    "not implemented",
    "isn't implemented",
    "not yet implemented",
    "not supported",
    "not yet supported",
    "still in progress",
    "work in progress",
    "partially complete",
    "not finished",
    "unfinished",
    "not encrypted",
    "cannot be recovered",
    "can't be recovered",
    "cannot be decrypted",
    "no way to recover",
    "returns only",
    "only returns",
    "one-way",
    "currently only",
    "at the moment only",
    "did not manage",
    "didn't manage",
    "is missing",
    "не работает",
    "не реализован",
    "не поддерж",
    "ограничен",
    "пока нет",
    "в разработке",
    "нельзя восстановить",
    "невозможно восстановить",
    "не успел",
    "ne fonctionne pas",
    "pas encore",
    "n'avons pas réussi",
    "n'ai pas réussi",
    "pas implémenté",
    "en cours de développement",
    "non supporté",
    "no funciona",
    "todavía no",
    "aún no",
    "no está implementad",
    "no se pudo",
    "en desarrollo",
    "funktioniert nicht",
    "noch nicht",
    "nicht unterstützt",
    "nicht implementiert",
    "não funciona",
    "ainda não",
    "não implementad",
    "não foi possível",
    "em desenvolvimento",
});

/// Names of mechanisms; each is looked for as a word of its own.
constexpr auto mechanisms = std::to_array<std::string_view>({
    "aes",
    "aes-128",
    "aes-256",
    "aes128",
    "aes256",
    "aes-gcm",
    "aes-cbc",
    "gcm",
    "fernet",
    "chacha20",
    "chacha20-poly1305",
    "xchacha20",
    "rsa",
    "rsa-oaep",
    "blowfish",
    "twofish",
    "3des",
    "des",
    "pbkdf2",
    "pbkdf2hmac",
    "scrypt",
    "argon2",
    "argon2id",
    "bcrypt",
    "hkdf",
    "hmac",
    "nacl",
    "libsodium",
    "cryptojs",
    "sha256",
    "sha-256",
    "sha512",
    "sha-512",
    "md5",
    "base64",
    "xor",
    "vigenere",
    "hashing",
    "ecb",
    "cbc",
});

/// Ways of speaking that describe an approach without naming an algorithm.
constexpr auto approaches = std::to_array<std::string_view>({
    "symmetric encryption",
    "asymmetric encryption",
    "end-to-end",
    "zero-knowledge",
    "zero knowledge",
    "key is derived",
    "derived from the master",
    "derived from your master",
    "master password as the key",
    "encryption key is stored",
    "envelope encryption",
    "per-user key",
    "per-user salt",
    "client-side encryption",
    "encrypted client-side",
    "encrypted in the browser",
    "симметричн",
    "ключ шифрования",
    "ключ выводится",
    "из мастер-пароля",
    "chiffrement symétrique",
    "clé de chiffrement",
    "dérivée du mot de passe",
    "cifrado simétrico",
    "clave de cifrado",
    "derivada de la contraseña",
    "symmetrische verschlüsselung",
    "schlüssel wird abgeleitet",
    "criptografia simétrica",
    "chave de criptografia",
});

constexpr auto encryption_words = std::to_array<std::string_view>({
    "encrypt",
    "decrypt",
    "cipher",
    "crypt",
    "hash",
    "шифр",
    "хеш",
    "хэш",
    "chiffr",
    "cifra",
    "encripta",
    "verschlüssel",
    "criptograf",
    "cryptage",
});

constexpr auto commands = std::to_array<std::string_view>({
    "pip install",
    "pip3 install",
    "pipenv install",
    "pipenv sync",
    "poetry install",
    "uv sync",
    "uv pip install",
    "conda env create",
    "manage.py migrate",
    "manage.py runserver",
    "manage.py test",
    "docker compose up",
    "docker-compose up",
    "docker compose build",
    "docker-compose build",
    "docker run",
    "docker build",
    "make run",
    "make install",
    "make up",
    "make build",
    "django-admin",
    "flask run",
    "gunicorn ",
    "sh run",
    "sh build",
    "bash ",
    "git push heroku",
    "heroku create",
    "fly deploy",
});

template <std::size_t size>
bool has_any(std::string_view text, const std::array<std::string_view, size>& phrases) {
  return std::ranges::any_of(phrases, [&](auto phrase) { return text.find(phrase) != text.npos; });
}

bool is_word_byte(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         static_cast<unsigned char>(c) >= 0x80 || c == '-' || c == '\'';
}

/// Calls `visit` for each word; a hyphen belongs to its word.
template <typename Visit>
void for_each_word(std::string_view text, const Visit& visit) {
  std::size_t start = 0;
  for (std::size_t i = 0; i <= text.size(); ++i) {
    if (i < text.size() && is_word_byte(text[i])) continue;
    if (i > start) visit(text.substr(start, i - start));
    start = i + 1;
  }
}

struct Language {
  std::string_view name;
  std::string_view words;
};

/// Frequent words that hardly occur in the other languages.
constexpr auto languages = std::to_array<Language>({
    {"en",
     " the and is to of for with you your this that are be run it can on from by as or not "
     "using which will will how where use app user users "},
    {"fr",
     " le la les et est des du une pour avec vous votre ce cette sur dans par qui ne pas "
     "au aux ses sont peut être mot "},
    {"es",
     " el los las y es para con una del que por su se este esta como sus en no al "
     "contraseña contraseñas usuario "},
    {"de",
     " der die das und ist für mit ein eine sie ihr dieses auf im von zu nicht wird werden "
     "den dem "},
    {"pt",
     " o os as e é para com uma do da que por seu sua este esta como não em ao no na "
     "senha senhas usuário "},
});

}  // namespace

std::string lower_utf8(std::string_view text) {
  std::string out = text::lower(text);
  for (std::size_t i = 0; i + 1 < out.size(); ++i) {
    const auto first = static_cast<unsigned char>(out[i]);
    const auto second = static_cast<unsigned char>(out[i + 1]);
    const auto put = [&](unsigned a, unsigned b) {
      out[i] = static_cast<char>(a);
      out[i + 1] = static_cast<char>(b);
    };
    if (first == 0xC3 && second >= 0x80 && second <= 0x9E && second != 0x97) {
      put(0xC3, second + 0x20U);  // À…Þ
    } else if (first == 0xD0 && second >= 0x90 && second <= 0x9F) {
      put(0xD0, second + 0x20U);  // А…П
    } else if (first == 0xD0 && second >= 0xA0 && second <= 0xAF) {
      put(0xD1, second - 0x20U);  // Р…Я
    } else if (first == 0xD0 && second == 0x81) {
      put(0xD1, 0x91);  // Ё
    } else {
      continue;
    }
    ++i;
  }
  return out;
}

bool heads_limitations(std::string_view heading) {
  return has_any(heading, limitation_headings) && !has_any(heading, not_limitation_headings);
}

bool heads_plans(std::string_view heading) { return has_any(heading, plan_headings); }

bool states_limitation(std::string_view sentence) {
  // «If it does not work, …» helps a reader; it admits nothing.
  const auto start = std::ranges::find_if(sentence, is_word_byte);
  const auto plain = sentence.substr(static_cast<std::size_t>(start - sentence.begin()));
  for (const std::string_view condition : {"if ", "если ", "si ", "wenn ", "se "}) {
    if (plain.starts_with(condition)) return false;
  }
  return has_any(sentence, limitation_phrases);
}

bool describes_encryption(std::string_view sentence) {
  if (has_any(sentence, approaches)) return true;
  bool found = false;
  for_each_word(sentence, [&](std::string_view word) {
    found = found || std::ranges::find(mechanisms, word) != mechanisms.end();
  });
  return found;
}

bool mentions_encryption(std::string_view sentence) { return has_any(sentence, encryption_words); }

bool is_setup_command(std::string_view line) {
  const std::string lowered = text::lower(text::trim(line));
  if (has_any(lowered, commands)) return true;
  const std::string_view bare =
      lowered.starts_with("$ ") ? std::string_view(lowered).substr(2) : std::string_view(lowered);
  return bare.starts_with("./") && bare.size() > 3;
}

namespace {

/// For each frequent word the languages that have it, as positions in `languages`.
const std::unordered_map<std::string_view, std::vector<std::size_t>>& languages_of_words() {
  static const auto index = [] {
    std::unordered_map<std::string_view, std::vector<std::size_t>> result;
    for (std::size_t i = 0; i < languages.size(); ++i) {
      for_each_word(languages[i].words, [&](std::string_view word) { result[word].push_back(i); });
    }
    return result;
  }();
  return index;
}

}  // namespace

bool is_english(std::string_view text) {
  const auto& known = languages_of_words();
  std::array<int, languages.size()> counts{};
  int cyrillic = 0;
  int all = 0;
  for_each_word(text, [&](std::string_view word) {
    ++all;
    const auto first = static_cast<unsigned char>(word[0]);
    if (first == 0xD0 || first == 0xD1) ++cyrillic;
    const auto found = known.find(word);
    if (found == known.end()) return;
    for (const std::size_t language : found->second) ++counts.at(language);
  });
  if (cyrillic * 4 > all) return false;
  static_assert(languages[0].name == "en");
  return std::ranges::all_of(counts, [&](int count) { return count <= counts[0]; });
}

}  // namespace grader::project
