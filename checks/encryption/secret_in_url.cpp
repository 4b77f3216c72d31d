#include <algorithm>

#include "checks/code_search.hpp"
#include "grader/base/text.hpp"

namespace grader::checks::encryption {
namespace {

std::vector<grading::Finding> run(const Facts& facts) {
  std::vector<grading::Finding> findings;
  for (const auto& route : facts.project.views.routes) {
    for (const auto& name : route.parameters) {
      const auto words = text::words(name);
      const bool id = std::ranges::any_of(words, [](const std::string& word) {
        return word == "id" || word == "pk" || word == "slug" || word == "uuid" || word == "name";
      });
      if (id || !project::names_a_secret(name)) continue;
      // <int:password> is the key of a row.
      if (route.pattern.find("<str:" + name + ">") == std::string::npos &&
          route.pattern.find("<" + name + ">") == std::string::npos) {
        continue;
      }
      findings.push_back(violated(
          facts, route.at, "The address " + route.pattern + " takes the secret " + name + ".",
          grading::Severity::medium));
    }
  }
  return or_met(std::move(findings), "No address takes a secret.");
}

}  // namespace

extern constinit const Check secret_in_url{
    .title = "A secret is part of an address",
    .why = "Addresses stay in histories, logs and the Referer header of the next page.",
    .fix =
        "Send secrets in the body of a POST request. See "
        "https://owasp.org/www-community/vulnerabilities/"
        "Information_exposure_through_query_strings_in_url",
    .reference = "CWE-598",
    .severity = grading::Severity::medium,
    .run = run,
};

}  // namespace grader::checks::encryption
