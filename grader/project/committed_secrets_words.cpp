#include <algorithm>
#include <array>

#include "grader/base/text.hpp"
#include "grader/project/committed_secrets.hpp"

namespace grader::project {
namespace {

using Words = std::vector<std::string>;

bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

bool has_any(const Words& words, std::initializer_list<std::string_view> wanted) {
  return std::ranges::any_of(words, [&](const std::string& word) {
    return std::ranges::find(wanted, word) != wanted.end();
  });
}

bool is_one_of(std::string_view word, std::initializer_list<std::string_view> wanted) {
  return std::ranges::find(wanted, word) != wanted.end();
}

std::string password_kind(const Words& around) {
  if (has_any(around, {"email", "mail", "smtp", "gmail"})) return "email password";
  if (has_any(around, {"db", "database", "databases", "postgres", "postgresql", "mysql", "mariadb",
                       "pg", "sql", "redis", "mongo", "mongodb", "rds"})) {
    return "db password";
  }
  if (has_any(around, {"master", "encryption", "encrypt", "crypto", "cipher", "fernet", "vault"})) {
    return "encryption key";
  }
  if (has_any(around, {"admin", "superuser", "root"})) return "account password";
  return "password";
}

std::string key_kind(const Words& words) {
  const std::string before = words.size() > 1 ? words[words.size() - 2] : std::string();
  if (is_one_of(before, {"api", "access", "auth", "license", "server", "service"})) {
    return "api key";
  }
  if (before == "secret" && words.size() == 2) return "django secret key";
  if (before == "secret") return "api key";
  if (is_one_of(before,
                {"encryption", "encrypt", "encrypted", "crypt", "crypto", "cipher", "fernet", "aes",
                 "master", "private", "vault", "field", "signing", "jwt", "hmac"})) {
    return "encryption key";
  }
  return words.size() == 1 ? "encryption key" : "";
}

/// "a_lower_case_name", "SOME_NAME", "kebab-name", "dotted.path": text that names something.
bool is_identifier_like(std::string_view value) {
  const bool plain = std::ranges::all_of(
      value, [](char c) { return is_lower(c) || c == '_' || c == '-' || c == '.' || c == ' '; });
  const bool shouting = std::ranges::all_of(
      value, [](char c) { return is_upper(c) || c == '_' || c == '-' || c == ' '; });
  return plain || shouting;
}

bool is_path_or_address(std::string_view value) {
  if (value.starts_with('/') || value.starts_with("./") || value.starts_with("http")) return true;
  for (const auto ending : {".txt", ".csv", ".json", ".html", ".py", ".key", ".pem", ".com"}) {
    if (value.ends_with(ending)) return true;
  }
  return false;
}

bool is_base64_url(char c) {
  return is_lower(c) || is_upper(c) || is_digit(c) || c == '-' || c == '_';
}

/// Tokens with a fixed head: the head, how many characters follow at least, and what it is.
struct Form {
  std::string_view head;
  std::size_t tail;
  std::string_view what;
};
constexpr auto forms = std::to_array<Form>({
    {"AKIA", 16, "api key"},
    {"ghp_", 36, "token"},
    {"github_pat_", 40, "token"},
    {"glpat-", 20, "token"},
    {"GOCSPX-", 20, "oauth secret"},
    {"sk_live_", 20, "api key"},
    {"SG.", 40, "api key"},
    {"xoxb-", 20, "token"},
    {"xoxp-", 20, "token"},
    {"AIza", 35, "api key"},
});

bool is_token_character(char c) { return is_base64_url(c) || c == '.'; }

}  // namespace

std::string secret_kind(std::string_view name, std::string_view context) {
  const Words words = text::words(name);
  if (words.empty()) return {};
  Words around = text::words(context);
  around.insert(around.end(), words.begin(), words.end());
  const std::string& last = words.back();
  if (is_one_of(last, {"password", "passwd", "pwd", "passphrase", "pass", "passwort", "senha"})) {
    return password_kind(around);
  }
  if (last == "secret") {
    const bool oauth = has_any(around, {"client", "oauth", "oauth2", "google", "github", "social",
                                        "consumer", "facebook", "twitter"});
    return oauth ? "oauth secret" : "secret";
  }
  if (last == "token") return "token";
  if (last == "apikey") return "api key";
  return last == "key" ? key_kind(words) : std::string();
}

bool is_placeholder(std::string_view value) {
  value = text::trim(value);
  if (value.size() < 3) return true;
  if (value.find_first_of("<>{}\n") != value.npos || value.find("%(") != value.npos) return true;
  const std::string lowered = text::lower(value);
  if (text::contains_any(
          lowered, {"your", "change", "example", "placeholder", "replace", "todo", "insert", "xxxx",
                    "****", "dummy", "fixme", "here", "тво", "ваш"})) {
    return true;
  }
  static constexpr std::array words{
      std::string_view("password"), std::string_view("passwd"), std::string_view("pass"),
      std::string_view("secret"),   std::string_view("none"),   std::string_view("null"),
      std::string_view("string"),   std::string_view("token"),  std::string_view("key"),
      std::string_view("value"),    std::string_view("true"),   std::string_view("false"),
      std::string_view("env"),      std::string_view("...")};
  return std::ranges::find(words, lowered) != words.end();
}

std::string credential_kind(std::string_view name, const std::string& kind,
                            std::string_view value) {
  if (is_credential(kind, value)) return kind;
  const bool key = kind.empty() && text::lower(name).find("key") != std::string::npos;
  return key && is_fernet_key(value) ? "encryption key" : std::string();
}

bool is_fernet_key(std::string_view value) {
  return value.size() == 44 && value.ends_with('=') &&
         std::ranges::all_of(value.substr(0, 43), is_base64_url);
}

bool is_strong(std::string_view value) {
  if (value.size() < 12 || std::ranges::any_of(value, is_space)) return false;
  if (is_identifier_like(value) || is_path_or_address(value)) return false;
  const bool digit = std::ranges::any_of(value, is_digit);
  const bool lower = std::ranges::any_of(value, is_lower);
  const bool upper = std::ranges::any_of(value, is_upper);
  const bool other = std::ranges::any_of(
      value, [](char c) { return !is_base64_url(c) && c != '.' && !is_space(c); });
  return int{digit} + int{lower} + int{upper} + int{other} >= 2 && (digit || value.size() >= 20);
}

bool is_credential(std::string_view kind, std::string_view value) {
  if (kind.empty() || is_placeholder(value) || value.size() > 10'000) return false;
  if (is_fernet_key(value)) return true;
  if (kind == "email password" && value.size() == 19 && std::ranges::count(value, ' ') == 3) {
    return true;  // an application password of Google: four groups of four letters
  }
  if (std::ranges::any_of(value, is_space) || is_path_or_address(value)) return false;
  if (kind == "db password" || kind == "email password" || kind == "account password") return true;
  if (kind == "password") return !is_identifier_like(value);
  return is_strong(value);
}

std::string url_password(std::string_view value) {
  const auto scheme = value.find("://");
  if (scheme == value.npos || scheme == 0 || value.size() > 2'000) return {};
  const auto rest = value.substr(scheme + 3, value.find_first_of("/?# ", scheme + 3) - scheme - 3);
  const auto at = rest.rfind('@');
  const auto colon = rest.find(':');
  if (at == rest.npos || colon == rest.npos || colon > at) return {};
  const auto password = rest.substr(colon + 1, at - colon - 1);
  const bool variable = password.find('$') != password.npos;
  return variable || is_placeholder(password) ? std::string() : std::string(password);
}

std::vector<Signature> signatures(std::string_view text) {
  std::vector<Signature> found;
  const auto is_start = [&](std::size_t at) {
    return at == 0 || !is_token_character(text[at - 1]);
  };
  for (const auto& form : forms) {
    for (auto at = text.find(form.head); at != text.npos && found.size() < 50;
         at = text.find(form.head, at + 1)) {
      if (!is_start(at)) continue;
      auto end = at + form.head.size();
      while (end < text.size() && is_token_character(text[end])) ++end;
      const auto value = text.substr(at, end - at);
      if (value.size() - form.head.size() < form.tail || is_placeholder(value)) continue;
      if (value.size() > 300 || std::ranges::none_of(value, is_digit)) continue;
      found.push_back({at, std::string(form.what), std::string(value)});
    }
  }
  constexpr std::string_view head = "-----BEGIN ";
  for (auto at = text.find(head); at != text.npos && found.size() < 50;
       at = text.find(head, at + 1)) {
    const auto line = text.substr(at, text.find_first_of("\n\\", at) - at);
    if (line.find("PRIVATE KEY-----") == line.npos) continue;
    // A block of a few characters is an illustration.
    const auto end = text.find("-----END", at);
    if (end == text.npos || end - at < 150) continue;
    found.push_back({at, "private key", std::string(text.substr(at, end - at))});
  }
  std::ranges::sort(found, {}, &Signature::offset);
  return found;
}

}  // namespace grader::project
