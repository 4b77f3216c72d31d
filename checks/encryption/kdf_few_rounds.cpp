#include "checks/code_search.hpp"

namespace grader::checks::encryption {
namespace {

using python::Kind;
using python::Node;

constexpr std::int64_t fewest = 100'000;

void look_at(const Facts& facts, Node call, std::vector<grading::Finding>& findings) {
  const std::string name = python::dotted(python::callee(call));
  Node rounds;
  if (name.ends_with("PBKDF2HMAC")) rounds = python::argument(call, "iterations", 3);
  if (name.ends_with("pbkdf2_hmac")) rounds = python::argument(call, "iterations", 3);
  if (name == "PBKDF2" || name.ends_with(".PBKDF2")) rounds = python::argument(call, "count", 3);
  if (!rounds) return;
  const auto value = python::evaluate(rounds, &facts.project.program);
  if (!value.known() || value.type != python::Value::Type::integer) return;
  if (value.number >= fewest || value.number <= 0) return;
  findings.push_back(violated(facts, line_of(call),
                              "A key is derived with " + std::to_string(value.number) + " rounds.",
                              grading::Severity::medium));
}

std::vector<grading::Finding> run(const Facts& facts) {
  std::vector<grading::Finding> findings;
  each_node(facts, Kind::call, "PBKDF2", [&](Node call) { look_at(facts, call, findings); });
  each_node(facts, Kind::call, "pbkdf2_hmac", [&](Node call) { look_at(facts, call, findings); });
  return or_met(std::move(findings), "No derivation with few rounds was seen.");
}

}  // namespace

extern constinit const Check kdf_few_rounds{
    .title = "A key is derived with too few rounds",
    .why = "Few rounds make guessing the master password cheap for whoever has the database.",
    .fix =
        "Use at least 600,000 rounds of PBKDF2 with SHA-256, or scrypt or Argon2. See "
        "https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html#pbkdf2",
    .reference = "CWE-916",
    .severity = grading::Severity::medium,
    .run = run,
};

}  // namespace grader::checks::encryption
