#include <algorithm>

#include "checks/code_search.hpp"
#include "grader/base/text.hpp"

namespace grader::checks::access {
namespace {

using python::Field;
using python::Kind;
using python::Node;

/// Words of the many ways to ask first who it is: too many rather than too few.
bool asks_who(std::string_view code) {
  return text::contains_any(
      text::lower(code),
      {"request.user", "token", "otp", "code", "session", "verif", "check_password", "authenticate",
       "is_staff", "is_superuser", "staff_member", "isadminuser", "permission_required",
       "user_passes_test", "old_password", "current_password", "sign", "loads(", "get_user()"});
}

bool is_parameter(Node function, std::string_view name) {
  return std::ranges::any_of(function.child(Field::parameters).descendants(), [&](Node parameter) {
    return parameter.is(Kind::identifier) && parameter.text() == name && name != "request" &&
           name != "self";
  });
}

/// True if the request says whom to look up: a part of the URL, or a field of a form.
bool chosen_by_request(Node function, Node call) {
  for (const Node part : call.child(Field::arguments).descendants()) {
    if (part.is(Kind::identifier) && is_parameter(function, part.text())) return true;
    if (part.is(Kind::attribute) &&
        text::contains_any(part.text(), {"request.POST", "request.GET", "request.data"})) {
      return true;
    }
    if (!part.is(Kind::identifier)) continue;
    for (const Node node : function.descendants()) {
      if (!node.is(Kind::assignment) || node.child(Field::left).text() != part.text()) continue;
      const Node right = node.child(Field::right);
      if (text::contains_any(right.text(), {"request.POST", "request.GET", "request.data"}) ||
          is_parameter(function, right.text())) {
        return true;
      }
    }
  }
  return false;
}

/// The look-up of an account that a variable holds, if it is one: User.objects.get(pk=pk).
Node lookup_of(const Facts& facts, Node function, std::string_view variable) {
  for (const Node node : function.descendants()) {
    if (!node.is(Kind::assignment) || node.child(Field::left).text() != variable) continue;
    const Node call = python::unwrapped(node.child(Field::right));
    if (!call.is(Kind::call)) continue;
    const auto& program = facts.project.program;
    const auto name = program.resolve(python::callee(call)).name;
    if (name.ends_with("get_object_or_404") &&
        project::names_the_user_model(python::positional(call, 0), program)) {
      return call;
    }
    const Node manager = python::callee(call).child(Field::object);
    if (manager.child(Field::attribute).text() != "objects") continue;
    const Node model = manager.child(Field::object);
    if (project::names_the_user_model(model, program) ||
        program.resolve(model).name == facts.project.models.user_model) {
      return call;
    }
  }
  return {};
}

std::vector<grading::Finding> run(const Facts& facts) {
  std::vector<grading::Finding> findings;
  for (const auto& view : facts.project.views.all) {
    if (view.routes.empty() || asks_who(view.definition.text())) continue;
    const bool guarded = std::ranges::any_of(python::decorators(view.definition),
                                             [](Node one) { return asks_who(one.text()); });
    if (guarded) continue;
    for (const Node call : view.definition.descendants()) {
      const Node function = call.enclosing(Kind::function_definition);
      const Node called = call.is(Kind::call) ? python::callee(call) : Node();
      if (called.child(Field::attribute).text() != "set_password" || !function) continue;
      const Node lookup = lookup_of(facts, function, called.child(Field::object).text());
      if (!lookup || !chosen_by_request(function, lookup)) continue;
      auto finding = violated(facts, line_of(call),
                              view.name +
                                  " gives the account that the request names a new "
                                  "password, and asks for no proof.",
                              grading::Severity::critical);
      for (auto& step : trace(facts, {{line_of(lookup), "the account is looked up"}})) {
        finding.evidence.push_back(std::move(step));
      }
      findings.push_back(std::move(finding));
    }
  }
  return or_met(std::move(findings), "No view was seen to set the password of any account.");
}

}  // namespace

extern constinit const Check account_takeover{
    .title = "Anybody can set the password of any account",
    .why =
        "Who knows or guesses a number or a name signs in as that person, and reads every entry of "
        "theirs.",
    .fix =
        "Set the password in the request that brings the signed token, as PasswordResetConfirmView "
        "does, or only for request.user after the old one was checked. See "
        "https://docs.djangoproject.com/en/stable/topics/auth/default/#using-the-views",
    .reference = "CWE-640",
    .severity = grading::Severity::critical,
    .run = run,
};

}  // namespace grader::checks::access
