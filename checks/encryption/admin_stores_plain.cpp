#include "checks/kept_secret.hpp"

namespace grader::checks::encryption {
namespace {

std::vector<grading::Finding> run(const Facts& facts) { return forgotten_paths(facts, Way::admin); }

}  // namespace

extern constinit const Check admin_stores_plain{
    .title = "The admin site saves the secret without encrypting it",
    .why =
        "The views encrypt, but the registered model can be edited in the admin site as well: "
        "what is typed there goes to the database as it is.",
    .fix =
        "Leave the field out of the admin's form (exclude, readonly_fields), do not register the "
        "model, or encrypt in the model's save(). See "
        "https://docs.djangoproject.com/en/stable/ref/contrib/admin/"
        "#django.contrib.admin.ModelAdmin.exclude",
    .reference = "CWE-311",
    .severity = grading::Severity::medium,
    .run = run,
};

}  // namespace grader::checks::encryption
