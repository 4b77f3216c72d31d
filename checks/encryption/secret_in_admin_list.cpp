#include "checks/code_search.hpp"

namespace grader::checks::encryption {
namespace {

using python::Field;
using python::Kind;
using python::Node;

std::vector<grading::Finding> run(const Facts& facts) {
  const auto* model = facts.project.models.entry_model();
  if (model == nullptr) return {not_applicable("No model of entries was found.")};
  if (!shows_secret(facts)) return {met("What the column holds cannot be read.")};
  std::vector<grading::Finding> findings;
  each_node(facts, Kind::class_definition, "list_display", [&](Node admin) {
    if (!is_admin_of(facts, admin, *model)) return;
    for (const auto* name : {"list_display", "list_editable", "search_fields"}) {
      const Node own = python::own_attribute(admin, name);
      if (!own.is(Kind::assignment)) continue;
      for (const auto& item :
           python::evaluate(own.child(Field::right), &facts.project.program).items) {
        if (!item.is_string() || item.text != facts.project.models.secret_field) continue;
        findings.push_back(violated(facts, line_of(item.node ? item.node : own),
                                    std::string(name) + " names the column of the secret.",
                                    grading::Severity::medium));
      }
    }
  });
  return or_met(std::move(findings), "The admin site's lists do not name the secret.");
}

}  // namespace

extern constinit const Check secret_in_admin_list{
    .title = "The admin site lists the secret",
    .why =
        "Whoever may look at the list of entries in the admin site sees the secrets of all users "
        "at a glance.",
    .fix =
        "Leave the field out of list_display, search_fields and list_editable. See "
        "https://docs.djangoproject.com/en/stable/ref/contrib/admin/"
        "#django.contrib.admin.ModelAdmin.list_display",
    .reference = "CWE-200",
    .severity = grading::Severity::medium,
    .run = run,
};

}  // namespace grader::checks::encryption
