#include "checks/code_search.hpp"

namespace grader::checks::encryption {
namespace {

using python::Field;
using python::Kind;
using python::Node;

/// Nothing happens in it, or the stored value is given back as it is.
bool is_silent(Node clause) {
  for (const Node block : clause.children()) {
    if (!block.is(Kind::block)) continue;
    for (const Node statement : python::statements(block)) {
      if (statement.is(Kind::pass_statement) || statement.is(Kind::continue_statement)) continue;
      if (!statement.is(Kind::return_statement)) return false;
      for (const Node value : statement.children()) {
        const bool stored = value.is(Kind::attribute) || value.is(Kind::identifier);
        if (!stored && !value.is(Kind::none)) return false;
      }
    }
    return true;
  }
  return false;
}

bool decrypts(Node block) {
  for (const Node node : block.descendants()) {
    if (!node.is(Kind::call)) continue;
    const std::string name = python::dotted(python::callee(node));
    if (name == "decrypt" || name.ends_with(".decrypt")) return true;
  }
  return false;
}

std::vector<grading::Finding> run(const Facts& facts) {
  std::vector<grading::Finding> findings;
  each_node(facts, Kind::try_statement, "decrypt", [&](Node node) {
    if (!decrypts(node.child(Field::body))) return;
    for (const Node clause : node.children()) {
      if (!clause.is(Kind::except_clause) || !is_silent(clause)) continue;
      findings.push_back(violated(facts, line_of(clause),
                                  "A decryption that fails is passed over in silence.",
                                  grading::Severity::low));
    }
  });
  return or_met(std::move(findings), "No failed decryption is passed over.");
}

}  // namespace

extern constinit const Check decrypt_failure_swallowed{
    .title = "A failed decryption is passed over in silence",
    .why =
        "A wrong key or a changed ciphertext then looks like an ordinary value: nobody notices "
        "that entries are lost or were tampered with.",
    .fix =
        "Catch InvalidToken alone, tell the user, and log it. See "
        "https://cryptography.io/en/latest/fernet/#cryptography.fernet.InvalidToken",
    .reference = "CWE-390",
    .severity = grading::Severity::low,
    .run = run,
};

}  // namespace grader::checks::encryption
