#include "checks/operations.hpp"
#include "grader/base/text.hpp"
#include "grader/project/live_code.hpp"

namespace grader::checks::views {
namespace {

std::vector<grading::Finding> run(const Facts& facts) {
  std::vector<grading::Finding> findings;
  const auto operations = reached(facts, {"create", "update"});
  for (const auto& one : operations) {
    const auto source = project::live_text(one.view.definition);
    const bool validated = text::contains_any(
        source, {"is_valid", "erializer", "form_class", "full_clean", "fields", "Form"});
    if (validated) continue;
    findings.push_back(violated(facts, one.view.at,
                                named(one) + " saves what the request carries without a form, a "
                                             "serializer or full_clean().",
                                grading::Severity::medium));
  }
  if (operations.empty()) return {not_applicable("No view that writes entries was found.")};
  if (findings.empty())
    findings.push_back(met("Views that write entries use forms or serializers."));
  return findings;
}

}  // namespace

extern constinit const Check input_not_validated{
    .title = "Input reaches the model without validation",
    .why = "Whatever a browser sends is saved: too long, empty or of the wrong form.",
    .fix =
        "Use a ModelForm or a serializer and save only what is_valid() accepted. See "
        "https://docs.djangoproject.com/en/stable/topics/forms/modelforms/",
    .reference = "CWE-20",
    .severity = grading::Severity::medium,
    .run = run,
};

}  // namespace grader::checks::views
