#include "grader/project/client_crypto.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <vector>

#include "grader/base/text.hpp"
#include "grader/project/pages/script_names.hpp"
#include "grader/project/pages/scripts.hpp"
#include "grader/project/project.hpp"

namespace grader::project {
namespace {

using python::Field;
using python::Kind;
using python::Node;

struct Library {
  std::string_view call;
  std::string_view algorithm;
};

/// Calls of crypto-js, Web Cryptography, OpenPGP.js, SJCL, TweetNaCl, libsodium, Forge, aes-js.
constexpr std::array libraries{
    Library{"CryptoJS.AES.encrypt", "CryptoJS AES"},
    Library{"CryptoJS.TripleDES.encrypt", "CryptoJS 3DES"},
    Library{"CryptoJS.DES.encrypt", "CryptoJS DES"},
    Library{"CryptoJS.RC4.encrypt", "CryptoJS RC4"},
    Library{"AES.encrypt", "AES"},
    Library{"subtle.encrypt", "Web Cryptography"},
    Library{"openpgp.encrypt", "OpenPGP"},
    Library{"sjcl.encrypt", "SJCL"},
    Library{"nacl.secretbox", "NaCl secretbox"},
    Library{"crypto_secretbox_easy", "NaCl secretbox"},
    Library{"forge.cipher.createCipher", "Forge"},
};

bool encrypts(std::string_view text) {
  return text::contains_any(text, {"ncrypt", "NCRYPT", "secretbox", "createCipher", "cipher("});
}

const Library* library_of(Node call) {
  const auto callee = call.child(Field::function).text();
  for (const auto& library : libraries) {
    if (!callee.ends_with(library.call)) continue;
    const auto before = callee.size() - library.call.size();
    if (before == 0 || callee[before - 1] == '.') return &library;
  }
  return nullptr;
}

bool is_name(Node node) {
  return node.is(Kind::identifier) || node.is(Kind::property_identifier) ||
         node.is(Kind::shorthand_property_identifier) ||
         node.is(Kind::shorthand_property_identifier_pattern);
}

/// True if an identifier, a property or a short text in it names a secret.
bool names_secret(Node node) {
  const auto named = [](Node one) {
    constexpr std::size_t longest = 60;
    const bool text = one.is(Kind::string) || one.is(Kind::string_fragment);
    if (!is_name(one) && (!text || one.text().size() > longest)) return false;
    return names_a_secret(one.text());
  };
  if (named(node)) return true;
  return std::ranges::any_of(node.descendants().begin(), node.descendants().end(), named);
}

/// True if what the call gives is put under the name of a secret.
bool becomes_secret(Node call) {
  for (Node node = call; node; node = node.parent()) {
    const Node above = node.parent();
    if (above.is(Kind::pair)) return names_secret(above.child(Field::key));
    if (above.is(Kind::variable_declarator)) return names_secret(above.child(Field::name));
    if (above.is(Kind::assignment_expression)) return names_secret(above.child(Field::left));
    if (!above || is_script_function(above) || above.is(Kind::statement_block)) return false;
  }
  return false;
}

class Finder {
 public:
  explicit Finder(const Project& project)
      : project_(project), scripts_(read_scripts(project, {encrypts, true})), names_(scripts_) {}

  std::optional<ClientCipher> run() {
    std::optional<ClientCipher> own;
    for (const auto& script : scripts_) {
      for (const Node call : script.module.root().descendants()) {
        if (!call.is(Kind::call_expression)) continue;
        if (auto found = cipher_of(call)) {
          if (!found->own) return found;
          if (!own) own = std::move(found);
        }
      }
    }
    return own;
  }

 private:
  std::optional<ClientCipher> cipher_of(Node call) {
    const Node callee = call.child(Field::function);
    ClientCipher found;
    if (const Library* library = library_of(call)) {
      found.at = place(call);
      found.algorithm = library->algorithm;
    } else if (const Node inner = library_behind(callee)) {
      found.at = place(inner);
      found.algorithm = library_of(inner)->algorithm;
    } else if (const Node function = own_cipher(call)) {
      found.at = place(function);
      found.algorithm = std::string(ScriptNames::name_of(function)) + "()";
      found.own = true;
    } else {
      return std::nullopt;
    }
    if (!names_secret(call.child(Field::arguments)) && !becomes_secret(call)) return std::nullopt;
    found.used_at = place(call);
    found.key_source = derives_keys() ? "user_password_kdf" : "user_password_raw";
    return found;
  }

  /// The library's call that a function of the submission comes to.
  Node library_behind(Node callee) {
    constexpr int deepest = 4;
    std::set<Node> seen;
    return library_in(names_.functions(callee), seen, deepest);
  }

  Node library_in(const std::vector<Node>& functions, std::set<Node>& seen, int depth) {
    constexpr std::size_t most_functions = 200;
    if (depth == 0) return {};
    for (const Node function : functions) {
      if (seen.size() >= most_functions || !seen.insert(function).second) continue;
      for (const Node node : function.descendants()) {
        if (!node.is(Kind::call_expression)) continue;
        if (library_of(node) != nullptr) return node;
        const auto inner = names_.functions(node.child(Field::function));
        if (const Node found = library_in(inner, seen, depth - 1)) return found;
      }
    }
    return {};
  }

  /// A function named after encrypting that is given a message and a key.
  Node own_cipher(Node call) const {
    const Node callee = call.child(Field::function);
    const Node property = callee.child(Field::property);
    const std::string name = text::lower(property ? property.text() : callee.text());
    if (!text::contains_any(name, {"encrypt", "encipher", "chiffr", "cifra"})) return {};
    if (text::contains_any(name, {"decrypt", "dechiffr", "descifra", "decifra"})) return {};
    std::size_t given = 0;
    for (const Node argument : call.child(Field::arguments).children()) {
      if (!argument.is(Kind::comment)) ++given;
    }
    const auto functions = names_.functions(callee);
    return given < 2 || functions.empty() ? Node() : functions.front();
  }

  static Location place(Node node) {
    Location at = node.location();
    at.end_line = 0;
    return at;
  }

  /// A key that is stretched from the password: in the browser, or by the server that sends it.
  bool derives_keys() const {
    const auto stretches = [](const Script& script) {
      return text::contains_any(script.module.text(), {"PBKDF2", "pbkdf2", "deriveKey(",
                                                       "deriveBits(", "scrypt(", "argon2"});
    };
    return std::ranges::any_of(scripts_, stretches) ||
           std::ranges::any_of(project_.program.modules(), [](const auto& module) {
             return text::contains_any(module.text(), {"pbkdf2_hmac(", "PBKDF2HMAC("});
           });
  }

  const Project& project_;
  const std::vector<Script> scripts_;
  const ScriptNames names_;
};

}  // namespace

std::optional<ClientCipher> find_client_cipher(const Project& project) {
  return Finder(project).run();
}

}  // namespace grader::project
