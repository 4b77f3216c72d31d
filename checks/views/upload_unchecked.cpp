#include <set>

#include "checks/code_search.hpp"
#include "grader/base/text.hpp"

namespace grader::checks::views {
namespace {

using python::Field;
using python::Kind;
using python::Node;

/// Something in the code looks at the size, the type or the form of what was sent.
bool looks_at_it(std::string_view source) {
  return text::contains_any(
      source, {".size", "content_type", "endswith(", "splitext(", "Validator", "validate", "magic",
               "mimetypes", "imghdr", "MAX_", "max_size", ".suffix", "fieldnames", "is_valid("});
}

/// request.FILES["file"], request.FILES.get("file"): a file that no form has seen.
bool is_raw_file(Node node) {
  if (node.is(Kind::subscript)) return node.child(Field::value).text() == "request.FILES";
  if (!node.is(Kind::call)) return false;
  const auto callee = python::callee(node).text();
  return callee == "request.FILES.get" || callee == "request.FILES.getlist" ||
         callee == "self.request.FILES.get";
}

/// The function itself, or one of the submission that it calls, looks at the file.
bool is_checked(const Facts& facts, Node function) {
  if (looks_at_it(function.text())) return true;
  for (const Node node : function.descendants()) {
    if (!node.is(Kind::call)) continue;
    const Node called = facts.project.program.resolve(python::callee(node)).definition;
    if (called && called != function && looks_at_it(called.text())) return true;
  }
  return false;
}

std::vector<grading::Finding> run(const Facts& facts) {
  std::vector<grading::Finding> findings;
  std::set<Node> said;
  each_node(facts, Kind::function_definition, "request.FILES", [&](Node function) {
    for (const Node node : function.descendants()) {
      if (!is_raw_file(node)) continue;
      if (is_checked(facts, function) || !said.insert(function).second) return;
      findings.push_back(violated(facts, line_of(node),
                                  "An uploaded file is used without a look at its size or type.",
                                  grading::Severity::low));
      return;
    }
  });
  return or_met(std::move(findings), "No uploaded file was seen to be used unchecked.");
}

}  // namespace

extern constinit const Check upload_unchecked{
    .title = "An uploaded file is not checked",
    .why =
        "Whatever somebody sends is read whole or kept: a file of gigabytes, a page with scripts, "
        "something that is not what its name says.",
    .fix =
        "Take files through a form with a FileField, FileExtensionValidator and a limit of size, "
        "and catch what does not parse. See "
        "https://docs.djangoproject.com/en/stable/topics/security/#user-uploaded-content",
    .reference = "CWE-434",
    .severity = grading::Severity::low,
    .run = run,
};

}  // namespace grader::checks::views
