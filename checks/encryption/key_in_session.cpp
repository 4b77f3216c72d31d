#include "checks/code_search.hpp"
#include "grader/base/text.hpp"

namespace grader::checks::encryption {
namespace {

using python::Field;
using python::Kind;
using python::Node;

bool is_session(Node of) {
  return of.text() == "session" || of.child(Field::attribute).text() == "session";
}

/// "vault_key", "master_password", "derived_key": what opens entries.
bool opens_entries(std::string_view key) {
  const std::string lowered = text::lower(key);
  if (text::contains_any(lowered, {"_id", "hash", "set", "verified", "valid", "attempt", "time",
                                   "reset", "salt", "public", "session_key", "csrf", "length",
                                   "error", "show", "is_", "has_", "expires"})) {
    return false;
  }
  return text::contains_any(lowered, {"master", "vault_key", "encryption_key", "fernet",
                                      "derived_key", "cipher_key", "aes_key", "secret_key",
                                      "crypto_key", "vault_password", "user_key", "enc_key"}) ||
         lowered == "key" || lowered == "password";
}

/// A text, True or a number says that there is one, not which.
bool is_constant(const Facts& facts, Node value) {
  return python::evaluate(value, &facts.project.program).known();
}

std::vector<grading::Finding> run(const Facts& facts) {
  std::vector<grading::Finding> findings;
  each_node(facts, Kind::assignment, "session", [&](Node node) {
    const Node left = node.child(Field::left);
    if (!left.is(Kind::subscript) || !is_session(left.child(Field::value))) return;
    const auto key = python::evaluate(left.child(Field::subscript), &facts.project.program);
    if (!key.is_string() || !opens_entries(key.text)) return;
    if (is_constant(facts, node.child(Field::right))) return;
    findings.push_back(violated(facts, line_of(node),
                                "The session keeps what opens the entries: " + key.text + ".",
                                grading::Severity::high));
  });
  return or_met(std::move(findings), "No key was seen in the session.");
}

}  // namespace

extern constinit const Check key_in_session{
    .title = "A key or master password is kept in the session",
    .why =
        "Sessions lie in the database, or in a cookie, beside the data that the key opens: a copy "
        "of one is a copy of both.",
    .fix =
        "Ask again when it is needed, or keep a key that is wrapped by one outside the database. "
        "See https://docs.djangoproject.com/en/stable/topics/http/sessions/",
    .reference = "CWE-312",
    .severity = grading::Severity::high,
    .run = run,
};

}  // namespace grader::checks::encryption
