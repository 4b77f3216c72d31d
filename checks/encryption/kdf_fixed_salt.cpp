#include "checks/code_search.hpp"

namespace grader::checks::encryption {
namespace {

using python::Kind;
using python::Node;

void look_at(const Facts& facts, Node call, std::vector<grading::Finding>& findings) {
  const std::string name = python::dotted(python::callee(call));
  Node salt;
  if (name.ends_with("PBKDF2HMAC")) salt = python::argument(call, "salt", 2);
  if (name.ends_with("pbkdf2_hmac")) salt = python::argument(call, "salt", 2);
  if (name == "PBKDF2" || name.ends_with(".PBKDF2")) salt = python::argument(call, "salt", 1);
  if (name == "Scrypt" || name.ends_with(".Scrypt")) salt = python::argument(call, "salt", 0);
  if (!salt) return;
  const auto value = python::evaluate(salt, &facts.project.program);
  const bool text = value.is_string() || value.type == python::Value::Type::bytes;
  if (!text || !value.known()) return;
  findings.push_back(violated(facts, line_of(call), "The salt is a constant of the code.",
                              grading::Severity::medium));
}

std::vector<grading::Finding> run(const Facts& facts) {
  std::vector<grading::Finding> findings;
  for (const auto* word : {"PBKDF2HMAC", "pbkdf2_hmac", "Scrypt"}) {
    each_node(facts, Kind::call, word, [&](Node call) { look_at(facts, call, findings); });
  }
  return or_met(std::move(findings), "No constant salt was seen.");
}

}  // namespace

extern constinit const Check kdf_fixed_salt{
    .title = "A key is derived with the same salt for everybody",
    .why = "One table of guesses then serves against all users at once.",
    .fix =
        "Make a random salt for each user with os.urandom(16) and store it beside the data. See "
        "https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html#salting",
    .reference = "CWE-760",
    .severity = grading::Severity::medium,
    .run = run,
};

}  // namespace grader::checks::encryption
