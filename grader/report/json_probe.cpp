#include <nlohmann/json.hpp>

#include "grader/report/json_values.hpp"

namespace grader::report::json {
namespace {

Json exchange(const sandbox::Exchange& one) {
  Json result = {{"who", one.who}, {"method", one.method}, {"path", one.path}};
  if (!one.sent.empty()) result["sent"] = one.sent;
  result["status"] = one.status;
  if (!one.answer.empty()) result["answer"] = one.answer;
  if (!one.effect.empty()) result["effect"] = one.effect;
  return result;
}

Json exchanges(const std::vector<sandbox::Exchange>& all) {
  Json result = Json::array();
  for (const auto& one : all) result.push_back(exchange(one));
  return result;
}

Json trial(const sandbox::RouteTrial& one) {
  Json result = {{"route", one.route}, {"method", one.method}, {"purpose", one.purpose}};
  if (!one.view.empty()) result["view"] = one.view;
  if (!one.at.path.empty()) result["at"] = place(one.at);
  result["owner"] = name(one.owner);
  result["other"] = name(one.other);
  result["nobody"] = name(one.nobody);
  result["other_confirmed"] = one.other_confirmed;
  result["nobody_confirmed"] = one.nobody_confirmed;
  result["changes_on_get"] = one.changes_on_get;
  result["without_token"] = one.without_token;
  result["exchanges"] = exchanges(one.exchanges);
  return result;
}

Json remark(const sandbox::Remark& one) {
  Json result = {{"what", one.what}, {"text", one.text}, {"confirmed", one.confirmed}};
  if (!one.view.empty()) result["view"] = one.view;
  if (!one.at.path.empty()) result["at"] = place(one.at);
  result["exchanges"] = exchanges(one.exchanges);
  return result;
}

Json at_rest(const sandbox::AtRest& rest) {
  Json trail = Json::array();
  for (const auto& one : rest.trail)
    trail.push_back({{"place", one.place}, {"where", one.where}, {"how", one.how}});
  return {{"class", rest.kind},
          {"why", rest.why},
          {"column", rest.column},
          {"trail", std::move(trail)},
          {"confirmed", rest.confirmed}};
}

}  // namespace

Json probe(const sandbox::Probe& probe) {
  Json trials = Json::array();
  for (const auto& one : probe.trials) trials.push_back(trial(one));
  Json remarks = Json::array();
  for (const auto& one : probe.remarks) remarks.push_back(remark(one));
  Json result = {{"accounts",
                  {{"registered", probe.accounts.registered},
                   {"signed_in", probe.accounts.signed_in},
                   {"entry", probe.accounts.entry},
                   {"notes", strings(probe.accounts.notes)}}},
                 {"at_rest", at_rest(probe.at_rest)},
                 {"trials", std::move(trials)},
                 {"remarks", std::move(remarks)}};
  if (!probe.problem.empty()) {
    result["problem"] = probe.problem;
    result["cause"] = probe.by_us ? "grader" : "submission";
  }
  return result;
}

}  // namespace grader::report::json
