#include "sandbox/probe/prober/report.hpp"

#include <nlohmann/json.hpp>

namespace grader::sandbox::prober {

namespace {

using Json = nlohmann::json;

Json json_of(const std::vector<Exchange>& exchanges) {
  Json list = Json::array();
  for (const Exchange& one : exchanges)
    list.push_back({{"who", one.who},
                    {"method", one.method},
                    {"path", one.path},
                    {"sent", one.sent},
                    {"status", one.status},
                    {"answer", one.answer},
                    {"effect", one.effect}});
  return list;
}

Json json_of(const RouteTrial& one) {
  return {{"route", one.route},
          {"view", one.view},
          {"path", one.at.path},
          {"line", one.at.line},
          {"method", one.method},
          {"purpose", one.purpose},
          {"owner", name(one.owner)},
          {"other", name(one.other)},
          {"nobody", name(one.nobody)},
          {"other_confirmed", one.other_confirmed},
          {"nobody_confirmed", one.nobody_confirmed},
          {"changes_on_get", one.changes_on_get},
          {"without_token", one.without_token},
          {"exchanges", json_of(one.exchanges)}};
}

Json json_of(const Remark& one) {
  return {{"what", one.what},
          {"text", one.text},
          {"view", one.view},
          {"path", one.at.path},
          {"line", one.at.line},
          {"confirmed", one.confirmed},
          {"exchanges", json_of(one.exchanges)}};
}

Json json_of(const AtRest& rest) {
  Json trail = Json::array();
  for (const Trace& one : rest.trail)
    trail.push_back({{"place", one.place}, {"where", one.where}, {"how", one.how}});
  return {{"kind", rest.kind},
          {"why", rest.why},
          {"column", rest.column},
          {"trail", std::move(trail)},
          {"confirmed", rest.confirmed}};
}

}  // namespace

std::string printed(const Probe& probe) {
  Json trials = Json::array();
  for (const RouteTrial& one : probe.trials) trials.push_back(json_of(one));
  Json remarks = Json::array();
  for (const Remark& one : probe.remarks) remarks.push_back(json_of(one));
  const Json all = {{"problem", probe.problem},
                    {"by_us", probe.by_us},
                    {"registered", probe.accounts.registered},
                    {"signed_in", probe.accounts.signed_in},
                    {"entry", probe.accounts.entry},
                    {"notes", probe.accounts.notes},
                    {"at_rest", json_of(probe.at_rest)},
                    {"trials", std::move(trials)},
                    {"remarks", std::move(remarks)},
                    {"requests", probe.requests},
                    {"raw", probe.raw}};
  return all.dump(-1, ' ', true, Json::error_handler_t::replace) + "\n";
}

}  // namespace grader::sandbox::prober
