#include "checks/operations.hpp"

#include <algorithm>
#include <optional>
#include <set>
#include <utility>

#include "checks/code_search.hpp"
#include "grader/base/text.hpp"

namespace grader::checks {

using grading::Finding;
using project::Verdict;

std::vector<Reached> reached(const Facts& facts, std::initializer_list<std::string_view> kinds) {
  std::vector<Reached> result;
  for (const auto& view : facts.project.views.all) {
    if (view.routes.empty()) continue;
    for (const auto& operation : view.operations) {
      const bool wanted =
          kinds.size() == 0 || std::ranges::find(kinds, operation.op) != kinds.end();
      if (!wanted) continue;
      Known proof = known(facts, view, operation);
      result.push_back({view, proof.operation, std::move(proof)});
    }
  }
  return result;
}

std::string named(const Reached& one) {
  const auto& methods = one.operation.methods;
  // Django sends every method to a function view that does not ask for one.
  const bool any = methods.size() > 3;
  return one.view.name + " (" + one.operation.op +
         (methods.empty() || any ? "" : ", by " + text::join(methods, " or ")) + ")";
}

/// The exchanges that answer this question.
static const std::vector<grading::Evidence>& proof_of(const Known& proof,
                                                      Verdict project::Operation::* verdict) {
  if (verdict == &project::Operation::owner) return proof.owner;
  return verdict == &project::Operation::login ? proof.login : proof.method_safe;
}

std::vector<Finding> ask(const Facts& facts, const std::vector<Reached>& operations,
                         const Question& question) {
  std::vector<Finding> findings;
  std::vector<grading::Evidence> good;
  std::set<std::pair<Location, Location>> said;  // one place is one hole, by whichever name
  for (const auto& one : operations) {
    const Verdict& verdict = one.operation.*question.verdict;
    if (verdict.no() && !said.emplace(one.view.at, one.operation.at).second) continue;
    auto evidence = trace(facts, verdict.trace);
    evidence.insert(evidence.begin(), code(facts, one.view.at, "the view"));
    if (verdict.no()) {
      Finding finding = absent(named(one) + std::string(question.bad), question.severity);
      finding.evidence = std::move(evidence);
      append(finding, proof_of(one.proof, question.verdict));
      findings.push_back(std::move(finding));
    } else if (verdict.undecided()) {
      findings.push_back(unclear(named(one) + ": " + verdict.why + ".", std::move(evidence)));
    } else if (good.size() < 3) {
      good.insert(good.end(), evidence.begin(), evidence.end());
    }
  }
  if (operations.empty()) return {not_applicable("No view of this kind was found.")};
  if (findings.empty()) findings.push_back(met(std::string(question.good), std::move(good)));
  return findings;
}

void append(Finding& finding, const std::vector<grading::Evidence>& evidence) {
  finding.evidence.insert(finding.evidence.end(), evidence.begin(), evidence.end());
}

namespace {

/// Entries that are kept by SQL of the submission's own, where no model has them: what works on
/// them cannot be followed.
std::optional<Location> own_tables(const Facts& facts) {
  if (facts.project.models.entry_model() != nullptr) return std::nullopt;
  std::optional<Location> found;
  each_node(facts, python::Kind::string, "execute(", [&](python::Node node) {
    const std::string text = text::lower(node.text().substr(0, 200));
    const bool writes = text::contains_any(text, {"insert into ", "create table "});
    if (writes && !found) found = line_of(node);
  });
  return found;
}

/// `undetermined` where the absence of `what` is not proven.
std::optional<Finding> not_proven(const Facts& facts, std::string_view what) {
  const std::string none = "No " + std::string(what) + " was found, but ";
  if (!facts.project.views.gaps.empty()) {
    return unclear(none + "not every route could be followed: " + facts.project.views.gaps.front() +
                   ".");
  }
  if (const auto at = own_tables(facts)) {
    return unclear(none + "the data lies in tables that SQL of its own makes.", {code(facts, *at)});
  }
  return std::nullopt;
}

}  // namespace

std::vector<Finding> expect_operation(const Facts& facts,
                                      std::initializer_list<std::string_view> kinds,
                                      std::string_view what) {
  const auto found = reached(facts, kinds);
  if (!found.empty()) {
    const auto& one = found.front();
    return {met("There is a " + std::string(what) + ": " + named(one) + ".",
                {code(facts, one.view.at), code(facts, one.operation.at)})};
  }
  if (auto open = not_proven(facts, what)) return {std::move(*open)};
  return {
      absent("No " + std::string(what) + " was found behind any route.", grading::Severity::high)};
}

std::vector<Finding> expect_feature(const Facts& facts, const std::optional<Location>& feature,
                                    std::string_view what) {
  if (feature) return {met("There is " + std::string(what) + ".", {code(facts, *feature)})};
  if (auto open = not_proven(facts, what)) return {std::move(*open)};
  return {absent("No " + std::string(what) + " was found.", grading::Severity::high)};
}

std::vector<Finding> expect_account_feature(const Facts& facts,
                                            const std::optional<Location>& feature,
                                            std::string_view what,
                                            std::string sandbox::Accounts::* way) {
  auto findings = expect_feature(facts, feature, what);
  if (findings.front().outcome != grading::Outcome::violated) return findings;
  if (const auto used = used_way(facts, way))
    return {met("There is " + std::string(what) + ": it was used on the running application" +
                *used + ".")};
  const auto& packages = facts.project.views.packages;
  const auto open = std::ranges::find_if(packages, project::may_bring_accounts);
  if (open == packages.end()) return findings;
  return {unclear("No " + std::string(what) + " was found, but include('" + open->urlconf +
                      "') leads to a package that is not known here.",
                  {code(facts, open->at)})};
}

std::vector<Finding> offer(const Facts& facts, const std::optional<Location>& feature,
                           std::string_view what) {
  if (feature) return {met("It has " + std::string(what) + ".", {code(facts, *feature)})};
  return {not_applicable("It does not have " + std::string(what) + ".")};
}

}  // namespace grader::checks
