#include <algorithm>
#include <nlohmann/json.hpp>

#include "grader/base/text.hpp"
#include "sandbox/probe/probe.hpp"

namespace grader::sandbox {

namespace {

using Json = nlohmann::json;

constexpr std::size_t text_cap = 600;
constexpr std::size_t trials_cap = 400;
constexpr std::size_t list_cap = 100;

std::string text_of(const Json& object, const char* name, std::size_t cap = text_cap) {
  const auto found = object.find(name);
  if (found == object.end() || !found->is_string()) return {};
  return text::shorten(text::to_utf8(found->get<std::string>()), cap);
}

bool flag_of(const Json& object, const char* name) {
  const auto found = object.find(name);
  return found != object.end() && found->is_boolean() && found->get<bool>();
}

int number_of(const Json& object, const char* name) {
  const auto found = object.find(name);
  return found != object.end() && found->is_number_integer() ? found->get<int>() : 0;
}

/// The objects in a list, at most `cap`.
std::vector<Json> objects_of(const Json& object, const char* name, std::size_t cap) {
  std::vector<Json> list;
  const auto found = object.find(name);
  if (found == object.end() || !found->is_array()) return list;
  for (const Json& one : *found)
    if (one.is_object() && list.size() < cap) list.push_back(one);
  return list;
}

std::vector<Exchange> exchanges_of(const Json& object) {
  std::vector<Exchange> list;
  for (const Json& one : objects_of(object, "exchanges", 6))
    list.push_back({text_of(one, "who"), text_of(one, "method"), text_of(one, "path"),
                    text_of(one, "sent"), number_of(one, "status"), text_of(one, "answer"),
                    text_of(one, "effect")});
  return list;
}

Location place_of(const Json& one) {
  Location at;
  at.path = text_of(one, "path");
  at.line = std::max(number_of(one, "line"), 0);
  return at;
}

RouteTrial trial_of(const Json& one) {
  RouteTrial trial;
  trial.route = text_of(one, "route");
  trial.view = text_of(one, "view");
  trial.at = place_of(one);
  trial.method = text_of(one, "method");
  trial.purpose = text_of(one, "purpose");
  trial.owner = got_of(text_of(one, "owner"));
  trial.other = got_of(text_of(one, "other"));
  trial.nobody = got_of(text_of(one, "nobody"));
  trial.other_confirmed = flag_of(one, "other_confirmed");
  trial.nobody_confirmed = flag_of(one, "nobody_confirmed");
  trial.changes_on_get = flag_of(one, "changes_on_get");
  trial.without_token = flag_of(one, "without_token");
  trial.exchanges = exchanges_of(one);
  return trial;
}

Remark remark_of(const Json& one) {
  return {text_of(one, "what"), text_of(one, "text"),      text_of(one, "view"),
          place_of(one),        flag_of(one, "confirmed"), exchanges_of(one)};
}

AtRest rest_of(const Json& one) {
  AtRest rest;
  rest.kind = text_of(one, "kind");
  rest.why = text_of(one, "why");
  rest.column = text_of(one, "column");
  rest.confirmed = flag_of(one, "confirmed");
  for (const Json& trace : objects_of(one, "trail", list_cap))
    rest.trail.push_back({text_of(trace, "place"), text_of(trace, "where"), text_of(trace, "how")});
  return rest;
}

}  // namespace

Probe probe_of(const std::string& printed) {
  Probe probe;
  const Json all = Json::parse(printed, nullptr, false);
  if (!all.is_object()) {
    probe.problem = "the prober ended without a result";
    probe.by_us = true;
    return probe;
  }
  probe.problem = text_of(all, "problem");
  probe.by_us = flag_of(all, "by_us");
  probe.accounts = {
      text_of(all, "registered"), text_of(all, "signed_in"), text_of(all, "entry"), {}};
  if (const auto notes = all.find("notes"); notes != all.end() && notes->is_array())
    for (const Json& note : *notes)
      if (note.is_string() && probe.accounts.notes.size() < list_cap)
        probe.accounts.notes.push_back(
            text::shorten(text::to_utf8(note.get<std::string>()), text_cap));
  if (const auto rest = all.find("at_rest"); rest != all.end() && rest->is_object())
    probe.at_rest = rest_of(*rest);
  for (const Json& one : objects_of(all, "trials", trials_cap))
    probe.trials.push_back(trial_of(one));
  for (const Json& one : objects_of(all, "remarks", list_cap))
    probe.remarks.push_back(remark_of(one));
  probe.requests = number_of(all, "requests");
  probe.raw = text_of(all, "raw", 16U << 20U);
  return probe;
}

}  // namespace grader::sandbox
