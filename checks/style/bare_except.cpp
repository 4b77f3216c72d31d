#include "checks/code_search.hpp"
#include "grader/base/text.hpp"

namespace grader::checks::style {
namespace {

using python::Kind;
using python::Node;

std::vector<grading::Finding> run(const Facts& facts) {
  std::vector<grading::Finding> findings;
  each_node(facts, Kind::except_clause, "except", [&](Node clause) {
    const auto head = clause.text().substr(0, clause.text().find(':'));
    if (text::trim(head) != "except") return;
    for (const Node node : clause.descendants()) {
      if (node.is(Kind::raise_statement)) return;
    }
    findings.push_back(violated(facts, line_of(clause), "A bare except catches everything.",
                                grading::Severity::low));
  });
  return or_met(std::move(findings), "Every except names what it expects.");
}

}  // namespace

extern constinit const Check bare_except{
    .title = "Every error is caught, also those that nobody thought of",
    .why =
        "A bare except hides slips in the program, and even an interruption, behind what was meant "
        "for one case.",
    .fix =
        "Name the error that is expected: except Entry.DoesNotExist. See "
        "https://peps.python.org/pep-0008/#programming-recommendations",
    .reference = "CWE-396",
    .severity = grading::Severity::low,
    .run = run,
};

}  // namespace grader::checks::style
