#include <algorithm>

#include "checks/findings.hpp"

namespace grader::checks::settings {
namespace {

/// The line of the '*' itself, where that stands in the submission.
Location place(const project::Setting& hosts) {
  for (const auto& item : hosts.value.items) {
    if (item.is_string() && item.text == "*" && item.node) return item.node.location();
  }
  return hosts.at;
}

bool has_wildcard(const project::Setting& hosts) {
  return std::ranges::any_of(hosts.value.items,
                             [](const auto& item) { return item.is_string() && item.text == "*"; });
}

std::vector<grading::Finding> run(const Facts& facts) {
  const auto* settings = facts.project.main_settings();
  if (settings == nullptr) return {not_applicable("No settings module was found.")};
  const auto* hosts = settings->find("ALLOWED_HOSTS");
  if (hosts == nullptr) return {met("ALLOWED_HOSTS is not set, so no foreign host is accepted.")};
  const std::string word = allowed_hosts_word(*settings);
  if (word == "wildcard") {
    return {violated(facts, place(*hosts), "ALLOWED_HOSTS accepts every host name.",
                     grading::Severity::medium)};
  }
  if (has_wildcard(*hosts)) {
    return {violated(facts, place(*hosts),
                     "ALLOWED_HOSTS accepts every host name where the environment does not say "
                     "otherwise.",
                     grading::Severity::low)};
  }
  if (word.empty()) {
    return {unclear("What ALLOWED_HOSTS holds could not be followed.", {code(facts, hosts->at)})};
  }
  return {met("ALLOWED_HOSTS names its hosts.", {code(facts, hosts->at)})};
}

}  // namespace

extern constinit const Check allowed_hosts_wildcard{
    .title = "The application answers to any host name",
    .why =
        "Django builds links, such as those of password reset mails, from the host name that the "
        "visitor sent. Accepting any lets an attacker put their own address into such a mail.",
    .fix =
        "List the host names the application is served under, or read them from the "
        "environment. See "
        "https://docs.djangoproject.com/en/stable/ref/settings/#allowed-hosts",
    .reference = "CWE-20",
    .severity = grading::Severity::medium,
    .run = run,
};

}  // namespace grader::checks::settings
