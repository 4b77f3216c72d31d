#include <algorithm>
#include <set>

#include "checks/code_search.hpp"
#include "grader/base/text.hpp"

namespace grader::checks::views {
namespace {

using python::Kind;
using python::Node;

/// True if the function, or the file, makes passwords, keys or codes.
bool makes_secrets(std::string_view name) {
  return text::contains_any(
      text::lower(name), {"password", "passwd", "pwd", "token", "otp", "secret", "generat", "key",
                          "salt", "mot_de_passe", "senha"});
}

/// True if what is drawn gets a name for something that nobody may guess: code, otp, reset_token.
bool named_as_secret(Node call) {
  const Node target = call.enclosing(Kind::assignment).child(python::Field::left);
  if (!target.is(Kind::identifier) && !target.is(Kind::attribute)) return false;
  const auto words = text::words(target.text());
  const auto is = [&](std::string_view word) {
    return std::ranges::find(words, word) != words.end();
  };
  if (is("color") || is("country") || is("zip") || is("status")) return false;
  return words.back() == "code" || words.back() == "pin" || is("otp") || is("token") ||
         is("verification") || project::names_a_secret(target.text());
}

bool draws(const Facts& facts, Node call) {
  const std::string written = python::dotted(python::callee(call));
  if (written.starts_with("random.SystemRandom") || written.starts_with("secrets.")) return false;
  const auto symbol = facts.project.program.resolve(python::callee(call));
  const std::string& name = symbol.name;
  return name == "random.choice" || name == "random.choices" || name == "random.sample" ||
         name == "random.randint" || name == "random.shuffle" || name == "random.randrange";
}

std::vector<grading::Finding> run(const Facts& facts) {
  std::vector<grading::Finding> findings;
  std::set<Node> told;
  each_node(facts, Kind::call, "random", [&](Node call) {
    if (!draws(facts, call)) return;
    const Node function = call.enclosing(Kind::function_definition);
    const bool secret = named_as_secret(call) || makes_secrets(python::definition_name(function)) ||
                        project::names_a_secret(python::definition_name(function));
    if (!function || !secret || !told.insert(function).second) return;
    findings.push_back(violated(facts, line_of(call), "A secret is drawn by the module random.",
                                grading::Severity::medium));
  });
  return or_met(std::move(findings), "No secret was seen to be drawn by the module random.");
}

}  // namespace

extern constinit const Check weak_random{
    .title = "Passwords or tokens come from a generator that can be predicted",
    .why =
        "The module random (and Math.random in a browser) is made for games: from some output the "
        "rest can be worked out.",
    .fix =
        "Use the module secrets, or crypto.getRandomValues() in a browser. See "
        "https://docs.python.org/3/library/secrets.html",
    .reference = "CWE-338",
    .severity = grading::Severity::medium,
    .run = run,
};

}  // namespace grader::checks::views
