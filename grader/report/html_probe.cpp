#include "grader/base/text.hpp"
#include "grader/report/html_parts.hpp"

namespace grader::report::html {
namespace {

using sandbox::Got;

constexpr std::size_t trials_shown = 120;
constexpr std::size_t traces_shown = 20;

std::string got_in_words(Got got, bool breach, bool confirmed, const std::string& language) {
  const std::string_view word = [&]() -> std::string_view {
    switch (got) {
      case Got::untried:
        return "not asked";
      case Got::nothing:
        return "refused";
      case Got::error:
        return "a server error";
      case Got::page:
        return "a page without the entry";
      case Got::title:
        return "saw the entry";
      case Got::secret:
        return "saw the secret";
      case Got::changed:
        return "changed it";
      case Got::deleted:
        return "deleted it";
      case Got::created:
        return "created one";
    }
    return "";
  }();
  std::string text = said(word, language);
  if (breach && got >= Got::title) text += said(confirmed ? ", twice" : ", once only", language);
  return text;
}

std::string exchange_in_words(const sandbox::Exchange& one, const std::string& language) {
  std::string text = said(one.who, language) + ": " + one.method + " " + one.path;
  if (!one.sent.empty()) text += said(" with ", language) + one.sent;
  text += " → " + (one.status == 0 ? said("no answer", language) : std::to_string(one.status));
  if (!one.effect.empty()) text += "; " + one.effect;
  if (!one.answer.empty()) text += "; … " + one.answer + " …";
  return text;
}

Fields trial_fields(const sandbox::RouteTrial& trial, const std::string& language) {
  std::vector<Fields> exchanges;
  for (const auto& one : trial.exchanges)
    exchanges.emplace_back().text("exchange", shown(exchange_in_words(one, language), 900));
  std::string note;
  const auto add = [&](bool holds, std::string_view sentence) {
    if (holds) note += said(sentence, language) + " ";
  };
  add(trial.changes_on_get, "A change by GET.");
  add(trial.without_token, "No CSRF token was asked for.");
  add(trial.purpose == "create_unowned", "The new row belongs to nobody.");
  Fields fields;
  fields.text("trial_route", shown(trial.method + " /" + trial.route, 200))
      .text("trial_owner", shown(got_in_words(trial.owner, false, false, language)))
      .text("trial_other", shown(got_in_words(trial.other, true, trial.other_confirmed, language)))
      .text("trial_nobody",
            shown(got_in_words(trial.nobody, true, trial.nobody_confirmed, language)))
      .flag("has_trial_note", !note.empty())
      .text("trial_note", shown(note))
      .list("exchanges", std::move(exchanges));
  return fields;
}

std::string met_in_words(const sandbox::Probe& probe) {
  const auto way = [](const std::string& word) -> std::string {
    if (word == "form") return "by its own page";
    if (word == "api" || word == "token") return "by its own API";
    if (word == "database") return "past its own pages";
    if (word == "session") return "past its own pages";
    return "not at all";
  };
  return "Two users were registered " + way(probe.accounts.registered) + ", signed in " +
         way(probe.accounts.signed_in) + ", and an entry was made " + way(probe.accounts.entry) +
         ".";
}

}  // namespace

void add_probe(Fields& page, const Report& report) {
  page.flag("has_probe", report.rehearsal && report.rehearsal->probe);
  if (!report.rehearsal || !report.rehearsal->probe) return;
  const auto& probe = *report.rehearsal->probe;
  std::vector<Fields> trials;
  for (const auto& trial : probe.trials) {
    if (trials.size() >= trials_shown) break;
    trials.push_back(trial_fields(trial, report.language));
  }
  std::vector<Fields> traces;
  for (const auto& one : probe.at_rest.trail) {
    if (traces.size() >= traces_shown) break;
    traces.emplace_back().text(
        "trace", word("What was typed is in " + one.place + " " + one.where + ", " + one.how + ".",
                      report.language));
  }
  std::vector<Fields> remarks;
  for (const auto& one : probe.remarks) remarks.emplace_back().text("remark", shown(one.text));
  std::vector<Fields> differences;
  for (const auto& one : report.disagreements)
    differences.emplace_back().text("difference", shown(one));
  page.text("met", word(met_in_words(probe), report.language))
      .flag("has_probe_problem", !probe.problem.empty())
      .text("probe_problem", shown(probe.problem))
      .flag("has_kept", !probe.at_rest.why.empty())
      .text("kept", shown(probe.at_rest.why))
      .flag("has_trials", !trials.empty())
      .list("trials", std::move(trials))
      .list("traces", std::move(traces))
      .list("remarks", std::move(remarks))
      .flag("has_differences", !differences.empty())
      .list("differences", std::move(differences));
}

}  // namespace grader::report::html
