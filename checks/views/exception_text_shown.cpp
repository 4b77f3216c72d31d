#include "checks/code_search.hpp"

namespace grader::checks::views {
namespace {

using python::Field;
using python::Kind;
using python::Node;

/// Names bound by the «except … as name» around this node.
std::string_view caught_name(Node node) {
  const Node clause = node.enclosing(Kind::except_clause);
  for (const Node child : clause.descendants()) {
    if (child.is(Kind::as_pattern_target)) return child.text();
    if (child.is(Kind::block)) break;
  }
  return {};
}

bool answers(std::string_view name) {
  return name.ends_with("HttpResponse") || name.ends_with("JsonResponse") || name == "Response" ||
         name.ends_with("HttpResponseServerError") || name.ends_with("HttpResponseBadRequest") ||
         name.starts_with("messages.");
}

std::vector<grading::Finding> run(const Facts& facts) {
  std::vector<grading::Finding> findings;
  each_node(facts, Kind::call, "except", [&](Node call) {
    if (!answers(python::dotted(python::callee(call)))) return;
    const auto name = caught_name(call);
    const Node clause = call.enclosing(Kind::except_clause);
    if (name.empty() || clause.text().find("ValidationError") != std::string_view::npos) return;
    const auto head = clause.text().substr(0, clause.text().find(':'));
    // What the program raises itself may be meant for people.
    if (head.find("Exception") == std::string_view::npos) return;
    for (const Node inner : call.child(Field::arguments).descendants()) {
      if (!inner.is(Kind::identifier) || inner.text() != name) continue;
      findings.push_back(violated(facts, line_of(call),
                                  "The caught error becomes part of the answer.",
                                  grading::Severity::low));
      return;
    }
  });
  return or_met(std::move(findings), "No caught error was seen to become part of an answer.");
}

}  // namespace

extern constinit const Check exception_text_shown{
    .title = "The text of an error is shown to the visitor",
    .why =
        "Such texts tell about tables, files and keys of the server, and help nobody who sees "
        "them.",
    .fix =
        "Log the error and show a sentence of your own. See "
        "https://docs.djangoproject.com/en/stable/howto/error-reporting/",
    .reference = "CWE-209",
    .severity = grading::Severity::low,
    .run = run,
};

}  // namespace grader::checks::views
