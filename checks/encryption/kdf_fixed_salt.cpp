#include <algorithm>

#include "checks/code_search.hpp"
#include "grader/base/text.hpp"

namespace grader::checks::encryption {
namespace {

using python::Field;
using python::Kind;
using python::Node;

bool is_constant(const Facts& facts, Node expression) {
  const auto value = python::evaluate(expression, &facts.project.program);
  return value.known() && (value.is_string() || value.type == python::Value::Type::bytes);
}

/// True of a local name that is only ever given constants: salt = b"…".
bool is_constant_name(const Facts& facts, Node name) {
  const Node function = name.enclosing(Kind::function_definition);
  if (!name.is(Kind::identifier) || !function) return false;
  bool given = false;
  for (const Node node : function.descendants()) {
    const bool parameter = node.is(Kind::identifier) && node.text() == name.text() &&
                           function.child(Field::parameters).contains(node);
    if (parameter) return false;
    if (!node.is(Kind::assignment) || node.child(Field::left).text() != name.text()) continue;
    if (!is_constant(facts, node.child(Field::right))) return false;
    given = true;
  }
  return given;
}

/// salt = CharField(default=get_random_string(16)): called once, when the class is made.
void look_at_columns(const Facts& facts, std::vector<grading::Finding>& findings) {
  for (const auto& model : facts.project.models.all) {
    for (const auto& field : model.fields) {
      const Node made = python::unwrapped(python::keyword(field.call, "default"));
      const auto words = text::words(field.name);
      if (!made.is(Kind::call) || std::ranges::find(words, "salt") == words.end()) continue;
      const auto name = facts.project.program.resolve(python::callee(made)).name;
      if (!text::contains_any(name, {"random", "secrets.", "uuid", "token_"})) continue;
      Location at = field.at;
      at.end_line = 0;
      findings.push_back(violated(facts, at,
                                  "The salt is drawn once, when the process starts: the rows that "
                                  "it makes share it. Hand over the function, not its result.",
                                  grading::Severity::medium));
    }
  }
}

void look_at(const Facts& facts, Node call, std::vector<grading::Finding>& findings) {
  const std::string name = python::dotted(python::callee(call));
  Node salt;
  if (name.ends_with("PBKDF2HMAC")) salt = python::argument(call, "salt", 2);
  if (name.ends_with("pbkdf2_hmac")) salt = python::argument(call, "salt", 2);
  if (name == "PBKDF2" || name.ends_with(".PBKDF2")) salt = python::argument(call, "salt", 1);
  if (name == "Scrypt" || name.ends_with(".Scrypt")) salt = python::argument(call, "salt", 0);
  if (!salt) return;
  if (!is_constant(facts, salt) && !is_constant_name(facts, salt)) return;
  findings.push_back(violated(facts, line_of(call), "The salt is a constant of the code.",
                              grading::Severity::medium));
}

std::vector<grading::Finding> run(const Facts& facts) {
  std::vector<grading::Finding> findings;
  for (const auto* word : {"PBKDF2", "pbkdf2_hmac", "Scrypt"}) {
    each_node(facts, Kind::call, word, [&](Node call) {
      const auto name = python::dotted(python::callee(call));
      if (name.find(word) != std::string::npos) look_at(facts, call, findings);
    });
  }
  look_at_columns(facts, findings);
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
