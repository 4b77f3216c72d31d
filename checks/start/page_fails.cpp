#include <set>

#include "checks/findings.hpp"

namespace grader::checks::start {
namespace {

constexpr std::size_t most_findings = 20;

grading::Finding failing(const Facts& facts, const sandbox::RouteAnswer& answer) {
  const std::string who = answer.signed_in ? "a signed-in user" : "nobody in particular";
  std::string message = "GET " + answer.path + " by " + who + " is answered with status " +
                        std::to_string(answer.status);
  if (!answer.error.empty()) message += ": " + answer.error;
  auto finding = answer.at.path.empty()
                     ? absent(message, grading::Severity::medium)
                     : violated(facts, answer.at, message, grading::Severity::medium);
  // The account was made past the application's own registration, which may do more.
  if (answer.signed_in) finding.confidence = grading::Confidence::medium;
  return finding;
}

std::vector<grading::Finding> run(const Facts& facts) {
  if (facts.rehearsal == nullptr || facts.rehearsal->routes.empty())
    return {not_looked_at("No page was asked in this grading.")};
  const auto* rung = facts.rehearsal->rung("routes");
  if (rung != nullptr && rung->cause == sandbox::RungCause::grader)
    return {not_looked_at(rung->reason)};
  std::vector<grading::Finding> findings;
  std::set<std::string_view> told;
  for (const auto& answer : facts.rehearsal->routes) {
    if (answer.offline || answer.status < 500 || findings.size() >= most_findings) continue;
    if (told.insert(answer.path).second) findings.push_back(failing(facts, answer));
  }
  if (findings.empty()) return {met("Every page that takes no parameter answers.")};
  return findings;
}

}  // namespace

extern constinit const Check page_fails{
    .title = "A page answers with a server error",
    .why =
        "Whoever opens the page sees an error: a template that was never committed, a view that "
        "gives nothing back for GET, or a visitor who is not signed in and was not thought of.",
    .fix =
        "Open every page once signed out and once signed in, and read the traceback that "
        "runserver prints. See https://docs.djangoproject.com/en/stable/topics/http/views/",
    .reference = "",
    .severity = grading::Severity::medium,
    .run = run,
};

}  // namespace grader::checks::start
