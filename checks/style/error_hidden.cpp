#include "checks/code_search.hpp"
#include "grader/base/text.hpp"

namespace grader::checks::style {
namespace {

using python::Kind;
using python::Node;

bool is_empty(Node clause) {
  for (const Node block : clause.children()) {
    if (!block.is(Kind::block)) continue;
    const auto inside = python::statements(block);
    return inside.size() == 1 && inside.front().is(Kind::pass_statement);
  }
  return false;
}

std::vector<grading::Finding> run(const Facts& facts) {
  std::vector<grading::Finding> findings;
  each_node(facts, Kind::except_clause, "except", [&](Node clause) {
    const auto head = text::trim(clause.text().substr(0, clause.text().find(':')));
    const bool wide = head == "except" || head.starts_with("except Exception") ||
                      head.starts_with("except BaseException");
    if (!wide || !is_empty(clause)) return;
    findings.push_back(violated(facts, line_of(clause), "Any error is caught and dropped.",
                                grading::Severity::low));
  });
  return or_met(std::move(findings), "No error is dropped.");
}

}  // namespace

extern constinit const Check error_hidden{
    .title = "An error is caught and nothing is done about it",
    .why = "What went wrong leaves no trace: neither the visitor nor the developer learns of it.",
    .fix =
        "Handle it, log it, or let it rise; where it is harmless, name it: "
        "contextlib.suppress(KeyError). See https://docs.python.org/3/tutorial/errors.html",
    .reference = "CWE-390",
    .severity = grading::Severity::low,
    .run = run,
};

}  // namespace grader::checks::style
