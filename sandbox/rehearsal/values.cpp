#include "sandbox/rehearsal/values.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include "grader/base/text.hpp"

namespace grader::sandbox {

namespace {

/// 32 bytes drawn from the name, as 44 characters of URL-safe base64: good as a Fernet key and as
/// any other secret.
std::string key_for(const std::string& name) {
  constexpr std::string_view digits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  const std::string hex = text::sha256("stand-in " + name);
  std::vector<unsigned> bytes;
  for (std::size_t i = 0; i < hex.size(); i += 2) {
    bytes.push_back(static_cast<unsigned>(std::stoul(hex.substr(i, 2), nullptr, 16)));
  }
  std::string key;
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const unsigned second = i + 1 < bytes.size() ? bytes[i + 1] : 0;
    const unsigned third = i + 2 < bytes.size() ? bytes[i + 2] : 0;
    const unsigned group = bytes[i] << 16U | second << 8U | third;
    for (int shift = 18; shift >= 0; shift -= 6) {
      key += digits[group >> static_cast<unsigned>(shift) & 63U];
    }
  }
  key.back() = '=';
  return key;
}

/// Whole words of the name only: APPENGINE_URL is no ENGINE, EMAIL_BACKEND no address.
class Name {
 public:
  explicit Name(std::string_view name) {
    const std::string lowered = text::lower(name);
    for (const std::string_view word : text::split(lowered, '_')) words_.emplace_back(word);
  }
  bool has(std::initializer_list<std::string_view> words) const {
    return std::ranges::any_of(words_, [&](const std::string& word) {
      return std::ranges::find(words, word) != words.end();
    });
  }
  bool ends(std::initializer_list<std::string_view> words) const {
    return std::ranges::find(words, words_.back()) != words.end();
  }
  bool is(std::string_view whole) const { return text::join(words_, "_") == whole; }

 private:
  std::vector<std::string> words_;
};

StandIn number(const Name& name) {
  if (name.ends({"port", "dbport", "pgport"})) {
    return {name.has({"email", "mail", "smtp"}) ? "587" : "5432", "number"};
  }
  return {"3600", "number"};
}

StandIn by_cast(const std::string& cast, const Name& name) {
  if (cast == "int" || cast == "float") return number(name);
  // A variable that is only tested for being there may still hold an address.
  if (cast == "bool" && name.ends({"url", "uri", "host", "domain"})) return {};
  if (cast == "bool") return {name.has({"debug"}) ? "True" : "False", "switch"};
  if (cast == "list" || cast == "tuple") return {"localhost,127.0.0.1", "list"};
  if (cast == "json" || cast == "dict") return {"{}", "JSON"};
  if (cast == "db") return {"sqlite:////scratch/named.sqlite3", "database address"};
  return {};
}

StandIn by_setting(const std::string& setting) {
  if (setting == "SECRET_KEY") return {key_for(setting), "key"};
  if (setting == "DEBUG") return {"True", "switch"};
  if (setting == "ALLOWED_HOSTS") return {"localhost,127.0.0.1", "list"};
  if (setting == "CSRF_TRUSTED_ORIGINS") return {"http://localhost", "list"};
  if (setting == "EMAIL_PORT") return {"587", "number"};
  if (setting.starts_with("EMAIL_USE_") || setting.starts_with("SECURE_SSL")) {
    return {"False", "switch"};
  }
  return {};
}

StandIn by_name(const std::string& whole, const Name& name) {
  const bool database = name.has({"db", "database", "postgres", "postgresql", "mysql", "sql"});
  if (name.is("email_backend")) {
    return {"django.core.mail.backends.locmem.EmailBackend", "dotted name"};
  }
  if (database && name.ends({"url", "uri"})) {
    return {"sqlite:////scratch/named.sqlite3", "database address"};
  }
  if (name.ends({"engine"})) return {"django.db.backends.sqlite3", "dotted name"};
  if (name.has({"debug"})) return {"True", "switch"};
  if (name.ends({"port", "dbport", "pgport"})) return number(name);
  if (name.ends({"origins", "origin"})) return {"http://localhost", "list"};
  if (name.has({"allowed"}) || name.ends({"hosts"})) return {"localhost,127.0.0.1", "list"};
  if (names_a_secret(whole)) return {key_for(whole), "key"};
  if (name.ends({"password", "passwd", "pass"})) return {"rehearsal", "text"};
  if (name.ends({"ssl", "tls", "secure", "hsts", "redirect"})) return {"False", "switch"};
  if (name.ends({"age", "timeout", "seconds", "minutes", "hours", "days", "limit", "count",
                 "iterations", "length", "size", "lifetime", "rounds"})) {
    return {"3600", "number"};
  }
  if (name.has({"redis", "broker", "celery"}) && name.ends({"url", "uri", "broker"})) {
    return {"redis://localhost:6379/0", "address"};
  }
  if (name.ends({"url", "uri"})) return {"http://localhost/", "address"};
  if (database && name.ends({"name", "db", "database"})) {
    return {"/scratch/named.sqlite3", "database name"};
  }
  if (name.ends({"host", "dbhost", "pghost", "server", "domain"})) return {"localhost", "host"};
  if (name.has({"email", "mail", "from"})) return {"rehearsal@example.com", "mail address"};
  return {"rehearsal", "text"};
}

}  // namespace

StandIn stand_in(const PlannedVariable& variable) {
  const Name name(variable.name);
  StandIn found = by_cast(variable.cast, name);
  // An address may feed a list of hosts in parts.
  if (found.value.empty() && !name.ends({"url", "uri"})) found = by_setting(variable.setting);
  if (found.value.empty()) found = by_name(variable.name, name);
  return found;
}

bool may_be_supplied(std::string_view name) {
  constexpr std::array refused = {std::string_view("DJANGO_SETTINGS_MODULE"),
                                  std::string_view("PATH"),
                                  std::string_view("HOME"),
                                  std::string_view("VIRTUAL_ENV"),
                                  std::string_view("LD_PRELOAD"),
                                  std::string_view("LD_LIBRARY_PATH"),
                                  std::string_view("LANG"),
                                  std::string_view("TMPDIR")};
  if (name.empty() || name.starts_with("PYTHON") || name.starts_with("GRADER_")) return false;
  if (name.find_first_of(std::string_view("=\0", 2)) != std::string_view::npos) return false;
  return std::ranges::find(refused, name) == refused.end();
}

bool names_a_secret(std::string_view name) {
  const std::string lowered = text::lower(name);
  return text::contains_any(
      lowered, {"key", "secret", "salt", "fernet", "crypt", "token", "pepper", "passphrase"});
}

}  // namespace grader::sandbox
