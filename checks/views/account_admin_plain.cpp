#include <algorithm>

#include "checks/code_search.hpp"
#include "grader/base/text.hpp"

namespace grader::checks::views {
namespace {

using python::Kind;
using python::Node;

bool is_user_admin(const Facts& facts, Node expression) {
  const auto symbol = facts.project.program.resolve(expression);
  if (!symbol.is_class()) return symbol.name != "django.contrib.admin.ModelAdmin";
  const auto safe = [&](const auto& base) {
    return !base.is_class() && base.name != "django.contrib.admin.ModelAdmin" &&
           base.name != "django.contrib.admin.options.ModelAdmin" && base.name != "object";
  };
  const auto bases = facts.project.program.linearised(symbol.definition);
  // One that hashes by itself, or does not show the field.
  return std::ranges::any_of(bases, safe) ||
         text::contains_any(symbol.definition.text(),
                            {"set_password", "readonly_fields", "exclude", "fields", "form ="});
}

std::vector<grading::Finding> run(const Facts& facts) {
  const auto& models = facts.project.models;
  const auto* user = models.find(models.user_model);
  if (user == nullptr) return {not_applicable("The accounts are Django's own.")};
  std::vector<grading::Finding> findings;
  each_node(facts, Kind::call, "register", [&](Node call) {
    if (python::dotted(python::callee(call)) != "admin.site.register") return;
    if (facts.project.program.resolve(python::positional(call, 0)).name != user->qualified) return;
    const Node admin = python::argument(call, "admin_class", 1);
    if (admin && is_user_admin(facts, admin)) return;
    findings.push_back(violated(facts, line_of(call), "Accounts are registered without UserAdmin.",
                                grading::Severity::medium));
  });
  return or_met(std::move(findings), "Accounts are not edited as plain rows.");
}

}  // namespace

extern constinit const Check account_admin_plain{
    .title = "Accounts are edited in the admin site as if they were any rows",
    .why =
        "A password that is typed there is stored as it is, unhashed: the account cannot sign in, "
        "and the password can be read.",
    .fix =
        "Register the model with django.contrib.auth.admin.UserAdmin or a class made from it. See "
        "https://docs.djangoproject.com/en/stable/topics/auth/customizing/"
        "#custom-users-and-django-contrib-admin",
    .reference = "CWE-256",
    .severity = grading::Severity::medium,
    .run = run,
};

}  // namespace grader::checks::views
