#include "checks/code_search.hpp"
#include "grader/base/text.hpp"

namespace grader::checks::views {
namespace {

using python::Kind;
using python::Node;

/// The submission's own model that a receiver listens to, or null; accounts are Django's.
const project::Model* own_sender(const Facts& facts, Node sender) {
  const auto symbol = facts.project.program.resolve(sender);
  const auto* model = facts.project.models.find(symbol.name);
  return model == nullptr || model->is_user ? nullptr : model;
}

bool saves(std::string_view signal) {
  return text::contains_any(signal, {"pre_save", "post_save", "m2m_changed", "post_init"});
}

std::vector<grading::Finding> run(const Facts& facts) {
  std::vector<grading::Finding> findings;
  const auto add = [&](Node call, Node sender) {
    const auto* model = own_sender(facts, sender);
    if (model == nullptr) return;
    findings.push_back(violated(facts, line_of(call),
                                "Saving a " + model->name +
                                    " runs a handler that its own code "
                                    "does not name.",
                                grading::Severity::info));
  };
  each_node(facts, Kind::call, "sender", [&](Node call) {
    const auto callee = python::dotted(python::callee(call));
    const bool decorator = callee.ends_with("receiver") && call.parent().is(Kind::decorator);
    const bool connected = callee.ends_with(".connect") && saves(callee);
    if (!connected && !(decorator && saves(python::positional(call, 0).text()))) return;
    add(call, python::keyword(call, "sender"));
  });
  return or_met(std::move(findings), "No signal of the submission's own models runs its code.");
}

}  // namespace

extern constinit const Check logic_in_signals{
    .title = "What belongs to saving a model hides in a signal",
    .why =
        "Whoever reads the model or the view does not see that the handler runs, and bulk_create() "
        "and update() pass it by. Signals are for models that are not one's own.",
    .fix =
        "Call the code from save(), a manager or the view. See "
        "https://docs.djangoproject.com/en/stable/topics/signals/",
    .reference = "",
    .severity = grading::Severity::info,
    .run = run,
};

}  // namespace grader::checks::views
