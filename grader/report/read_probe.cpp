#include <nlohmann/json.hpp>

#include "grader/report/read_values.hpp"

namespace grader::report::json {
namespace {

/// got_of() of the sandbox, which a report is not linked with.
sandbox::Got got_of(const std::string& name) {
  for (int number = 0; number <= static_cast<int>(sandbox::Got::created); ++number) {
    const auto got = static_cast<sandbox::Got>(number);
    if (sandbox::name(got) == name) return got;
  }
  return sandbox::Got::untried;
}

std::vector<sandbox::Exchange> read_exchanges(const Json& list) {
  std::vector<sandbox::Exchange> result;
  for (const auto* item : elements(list)) {
    result.push_back({text_at(*item, "who"), text_at(*item, "method"), text_at(*item, "path"),
                      text_at(*item, "sent"), number_at(*item, "status"), text_at(*item, "answer"),
                      text_at(*item, "effect")});
  }
  return result;
}

sandbox::RouteTrial read_trial(const Json& item) {
  sandbox::RouteTrial trial;
  trial.route = text_at(item, "route");
  trial.method = text_at(item, "method");
  trial.purpose = text_at(item, "purpose");
  trial.view = text_at(item, "view");
  trial.at = place_at(item, "at");
  trial.owner = got_of(text_at(item, "owner"));
  trial.other = got_of(text_at(item, "other"));
  trial.nobody = got_of(text_at(item, "nobody"));
  trial.other_confirmed = flag_at(item, "other_confirmed");
  trial.nobody_confirmed = flag_at(item, "nobody_confirmed");
  trial.changes_on_get = flag_at(item, "changes_on_get");
  trial.without_token = flag_at(item, "without_token");
  trial.exchanges = read_exchanges(member(item, "exchanges"));
  return trial;
}

sandbox::AtRest read_at_rest(const Json& value) {
  sandbox::AtRest rest;
  rest.kind = text_at(value, "class");
  rest.why = text_at(value, "why");
  rest.column = text_at(value, "column");
  rest.confirmed = flag_at(value, "confirmed");
  for (const auto* item : elements(member(value, "trail"))) {
    rest.trail.push_back({text_at(*item, "place"), text_at(*item, "where"), text_at(*item, "how")});
  }
  return rest;
}

}  // namespace

sandbox::Probe read_probe(const Json& value) {
  sandbox::Probe probe;
  const Json& accounts = member(value, "accounts");
  probe.accounts = {text_at(accounts, "registered"), text_at(accounts, "signed_in"),
                    text_at(accounts, "entry"), strings_at(accounts, "notes")};
  probe.at_rest = read_at_rest(member(value, "at_rest"));
  for (const auto* item : elements(member(value, "trials"))) {
    probe.trials.push_back(read_trial(*item));
  }
  for (const auto* item : elements(member(value, "remarks"))) {
    probe.remarks.push_back({text_at(*item, "what"), text_at(*item, "text"), text_at(*item, "view"),
                             place_at(*item, "at"), flag_at(*item, "confirmed"),
                             read_exchanges(member(*item, "exchanges"))});
  }
  probe.problem = text_at(value, "problem");
  probe.by_us = text_at(value, "cause") == "grader";
  return probe;
}

}  // namespace grader::report::json
