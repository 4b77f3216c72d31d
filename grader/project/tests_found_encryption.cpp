#include <algorithm>

#include "grader/base/text.hpp"
#include "grader/project/models.hpp"
#include "grader/project/tests_found.hpp"
#include "grader/python/literals.hpp"

namespace grader::project {
namespace {

using python::Field;
using python::Kind;
using python::Node;

bool speaks_of_decryption(Node node) {
  for (const Node inner : node.descendants()) {
    if (!inner.is(Kind::identifier)) continue;
    if (has_word(inner.text(), {"decrypt", "decrypted", "decrypts", "unlock", "dechiffrer",
                                "dechiffre", "desencriptar", "descifrar"})) {
      return true;
    }
    if (inner.text() == "get_password" || inner.text() == "get_decrypted_password") return true;
  }
  return false;
}

/// cursor.fetchone()[0], row[0]: read from the database past the models.
bool is_fetched(Node node) {
  if (!node.is(Kind::subscript)) return false;
  const Node of = python::unwrapped(node.child(Field::value));
  if (of.is(Kind::call)) return called_name(of).starts_with("fetch");
  return of.is(Kind::identifier) && has_word(of.text(), {"row", "record", "fetched"});
}

/// entry.password, stored.encrypted_password, ciphertext: the value as it is kept.
bool is_stored_secret(Node node, const std::function<bool(std::string_view)>& is_account) {
  node = python::unwrapped(node);
  if (is_fetched(node)) return true;
  const bool attribute = node.is(Kind::attribute);
  if (!attribute && !node.is(Kind::identifier)) return false;
  const auto name = attribute ? node.child(Field::attribute).text() : node.text();
  if (has_word(name, {"encrypted", "crypted", "ciphertext", "cipher", "chiffre", "cifrado"})) {
    return true;
  }
  if (!attribute) return false;
  // The password of an account is hashed by Django: that is not what is asked.
  const std::string object = python::dotted(node.child(Field::object));
  return !is_account(object) && !has_word(object, {"user", "usuario"}) && names_a_secret(name);
}

}  // namespace

bool is_about_encryption(Node node, const std::function<bool(std::string_view)>& is_account) {
  if (speaks_of_decryption(node)) return true;
  const auto stored = [&](Node one) { return is_stored_secret(one, is_account); };
  const auto name = node.is(Kind::call) ? called_name(node) : std::string_view();
  if (name == "assertNotEqual" || name == "assertNotIn") {
    return stored(python::positional(node, 0)) || stored(python::positional(node, 1));
  }
  bool differs = name == "assertFalse";
  for (const Node inner : node.descendants()) {
    if (inner.field() == Field::operators) {
      differs = differs || inner.text() == "!=" || inner.text().starts_with("not");
    }
    if (inner.is(Kind::string) && python::string_text(inner).starts_with("gAAAA")) return true;
  }
  const auto all = node.descendants();
  return differs && std::any_of(all.begin(), all.end(), [&](Node inner) {
           return inner.parent().is(Kind::comparison_operator) && stored(inner);
         });
}

}  // namespace grader::project
