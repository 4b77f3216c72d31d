#include "grader/project/client_crypto.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include "grader/base/text.hpp"
#include "grader/project/html_scanner.hpp"
#include "grader/project/project.hpp"

namespace grader::project {
namespace {

constexpr auto npos = std::string_view::npos;
constexpr std::uint64_t largest_script = 400U << 10U;
constexpr std::size_t most_scripts = 400;
constexpr std::size_t longest_line = 2'000;

struct Script {
  std::string path;
  std::string text;  ///< comments blanked; of a template everything but its scripts is blanked
};

struct Library {
  std::string_view call;
  std::string_view algorithm;
};

/// Calls of crypto-js, Web Cryptography, OpenPGP.js, SJCL, TweetNaCl, libsodium, Forge, aes-js.
constexpr std::array libraries{
    Library{"CryptoJS.AES.encrypt(", "CryptoJS AES"},
    Library{"CryptoJS.TripleDES.encrypt(", "CryptoJS 3DES"},
    Library{"CryptoJS.DES.encrypt(", "CryptoJS DES"},
    Library{"CryptoJS.RC4.encrypt(", "CryptoJS RC4"},
    Library{"AES.encrypt(", "AES"},
    Library{"subtle.encrypt(", "Web Cryptography"},
    Library{"openpgp.encrypt(", "OpenPGP"},
    Library{"sjcl.encrypt(", "SJCL"},
    Library{"nacl.secretbox(", "NaCl secretbox"},
    Library{"crypto_secretbox_easy(", "NaCl secretbox"},
    Library{"forge.cipher.createCipher(", "Forge"},
};

bool is_script(std::string_view path) {
  static constexpr std::array ends{std::string_view(".js"),  std::string_view(".ts"),
                                   std::string_view(".jsx"), std::string_view(".tsx"),
                                   std::string_view(".mjs"), std::string_view(".vue")};
  return std::ranges::any_of(ends, [&](auto end) { return path.ends_with(end); }) &&
         !path.ends_with(".min.js");
}

bool is_minified(std::string_view text) {
  return std::ranges::any_of(text::lines(text),
                             [](auto line) { return line.size() > longest_line; });
}

/// The scripts of a page at their places, all else blanked.
std::string scripts_of(std::string_view html) {
  std::string result(html);
  std::vector<std::pair<std::size_t, std::size_t>> kept;
  for (const auto& tag : scan_html(html)) {
    if (tag.name == "script" && !tag.closing) kept.emplace_back(tag.content_start, tag.content_end);
  }
  std::size_t next = 0;
  for (std::size_t i = 0; i < result.size(); ++i) {
    while (next < kept.size() && i >= kept[next].second) ++next;
    const bool inside = next < kept.size() && i >= kept[next].first;
    if (!inside && result[i] != '\n') result[i] = ' ';
  }
  return result;
}

std::vector<Script> read_scripts(const Project& project) {
  std::vector<Script> scripts;
  for (const auto& page : project.templates) {
    scripts.push_back({page.path, without_script_comments(scripts_of(page.text))});
  }
  for (const auto& entry : project.files.entries) {
    if (scripts.size() >= most_scripts + project.templates.size()) break;
    if (entry.symlink || entry.size > largest_script || !is_script(entry.path)) continue;
    if (is_vendored(entry.path, project.files)) continue;
    const std::string lowered = text::lower(entry.path);
    if (text::contains_any(lowered, {"crypto-js", "cryptojs", "/vendor/", "/lib/", "/libs/",
                                     "/test/", "/tests/", ".test.", "/dist/", "/build/"})) {
      continue;
    }
    const auto text = project.files.text(entry.path);
    if (text && !is_minified(*text))
      scripts.push_back({entry.path, without_script_comments(*text)});
  }
  return scripts;
}

Location place(const Script& script, std::size_t offset) {
  const auto before = std::string_view(script.text).substr(0, offset);
  return {script.path, static_cast<int>(std::ranges::count(before, '\n')) + 1, 0, 0};
}

bool is_name(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '$';
}

/// "encrypt" of «function encrypt(…) { … HERE», «const encrypt = async (…) => … HERE».
std::string enclosing_function(std::string_view text, std::size_t offset) {
  const auto before = text.substr(0, offset);
  std::size_t best = npos;
  for (const auto* word : {"function ", "const ", "let ", "var ", "async "}) {
    // Only what is followed by parameters names a function.
    for (auto at = before.rfind(word); at != npos;
         at = at == 0 ? npos : before.rfind(word, at - 1)) {
      const std::size_t start = at + std::string_view(word).size();
      std::size_t end = start;
      while (end < before.size() && is_name(before[end])) ++end;
      const auto rest = text::trim(before.substr(end, 40));
      const bool function =
          rest.starts_with("(") || (rest.starts_with("=") && rest.find('(') != npos);
      if (end > start && function) {
        if (best == npos || start > best) best = start;
        break;
      }
      if (offset - at > 20'000) break;
    }
  }
  if (best == npos) return {};
  std::size_t end = best;
  while (end < before.size() && is_name(before[end])) ++end;
  return std::string(before.substr(best, end - best));
}

/// True if a word of the text up to the end of the call names a secret.
bool mentions_secret(std::string_view arguments) {
  std::size_t i = 0;
  while (i < arguments.size()) {
    while (i < arguments.size() && !is_name(arguments[i])) ++i;
    const std::size_t start = i;
    while (i < arguments.size() && is_name(arguments[i])) ++i;
    if (i > start && names_a_secret(arguments.substr(start, i - start))) return true;
  }
  return false;
}

/// A call of `name` that is handed a secret, or whose line stores one.
std::optional<std::size_t> use_of(std::string_view text, std::string_view name) {
  const std::string call = std::string(name) + "(";
  for (auto at = text.find(call); at != npos; at = text.find(call, at + 1)) {
    if (at > 0 && is_name(text[at - 1])) continue;
    const auto line_start = text.rfind('\n', at) + 1;
    const auto line = text.substr(line_start, at - line_start);
    if (line.find("function ") != npos) continue;
    const auto arguments = text.substr(at + call.size(), 200);
    if (mentions_secret(arguments.substr(0, arguments.find(')'))) || mentions_secret(line)) {
      return at;
    }
  }
  return std::nullopt;
}

/// A key that is stretched from the password: in the browser, or by the server that sends it.
bool derives_keys(const std::vector<Script>& scripts, const Project& project) {
  const auto stretches = [](std::string_view text) {
    return text::contains_any(
        text, {"PBKDF2", "pbkdf2", "deriveKey(", "deriveBits(", "scrypt(", "argon2"});
  };
  for (const auto& script : scripts) {
    if (stretches(script.text)) return true;
  }
  return std::ranges::any_of(project.program.modules(), [&](const auto& module) {
    return module.text().find("pbkdf2_hmac(") != npos || module.text().find("PBKDF2HMAC(") != npos;
  });
}

}  // namespace

std::string without_script_comments(std::string_view text) {
  std::string result(text);
  char quote = 0;
  for (std::size_t i = 0; i < result.size(); ++i) {
    const char c = result[i];
    if (quote != 0) {
      if (c == '\\')
        ++i;
      else if (c == quote || (c == '\n' && quote != '`'))
        quote = 0;
      continue;
    }
    if (c == '"' || c == '\'' || c == '`') {
      quote = c;
    } else if (c == '/' && i + 1 < result.size() &&
               (result[i + 1] == '/' || result[i + 1] == '*')) {
      const bool block = result[i + 1] == '*';
      const auto end = result.find(block ? "*/" : "\n", i + 2);
      const std::size_t stop = end == std::string::npos ? result.size() : end + (block ? 2 : 0);
      for (; i < stop; ++i) {
        if (result[i] != '\n') result[i] = ' ';
      }
      --i;
    }
  }
  return result;
}

std::optional<ClientCipher> find_client_cipher(const Project& project) {
  const std::vector<Script> scripts = read_scripts(project);
  for (const auto& library : libraries) {
    for (const auto& script : scripts) {
      const auto at = script.text.find(library.call);
      if (at == npos) continue;
      ClientCipher found;
      found.algorithm = library.algorithm;
      found.at = place(script, at);
      found.key_source = derives_keys(scripts, project) ? "user_password_kdf" : "user_password_raw";
      const std::string function = enclosing_function(script.text, at);
      for (const auto& other : scripts) {
        auto use = function.empty() ? std::nullopt : use_of(other.text, function);
        if (!use && &other == &script) {
          use = use_of(other.text, library.call.substr(0, library.call.size() - 1));
        }
        if (!use) continue;
        found.used_at = place(other, *use);
        return found;
      }
    }
  }
  return std::nullopt;
}

}  // namespace grader::project
