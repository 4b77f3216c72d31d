#include "checks/proof.hpp"

#include <algorithm>

#include "checks/findings.hpp"
#include "grader/base/text.hpp"

namespace grader::checks {
namespace {

using project::Verdict;
using sandbox::Got;
using sandbox::RouteTrial;

std::string_view last_name(std::string_view dotted) {
  const auto dot = dotted.rfind('.');
  return dot == dotted.npos ? dotted : dotted.substr(dot + 1);
}

bool is_of(const RouteTrial& trial, const project::View& view) {
  return !trial.at.path.empty() && trial.at.path == view.at.path &&
         last_name(trial.view) == view.name;
}

/// The word for what the owner's request did, in the words of operations.
bool serves(const RouteTrial& trial, const project::Operation& operation) {
  const std::string& op = operation.op;
  const bool reads = op == "list" || op == "detail" || op == "search" || op == "export" ||
                     op == "reveal" || op == "share";
  if (trial.purpose == "read" && !reads) return false;
  if (trial.purpose == "change" && op != "update") return false;
  if (trial.purpose == "delete" && op != "delete") return false;
  if (trial.purpose.starts_with("create") && op != "create" && op != "import") return false;
  const auto& methods = operation.methods;
  return methods.empty() || std::ranges::find(methods, trial.method) != methods.end();
}

std::string who_word(const std::string& who) {
  if (who == "owner") return "the owner";
  return who == "other" ? "another signed-in user" : "nobody in particular";
}

grading::Evidence exchange_of(const Location& at, const sandbox::Exchange& one) {
  grading::Evidence evidence;
  evidence.kind = grading::Evidence::Kind::exchange;
  evidence.location = at;
  evidence.quote = one.method + " " + one.path;
  if (!one.sent.empty()) evidence.quote += "\n" + one.sent;
  evidence.quote +=
      "\n→ " + (one.status == 0 ? std::string("no answer") : std::to_string(one.status));
  if (!one.answer.empty()) evidence.quote += "\n… " + one.answer + " …";
  if (!one.effect.empty()) evidence.quote += "\n" + one.effect;
  evidence.note = "asked by " + who_word(one.who);
  return evidence;
}

/// The owner's request, which worked, and that of `who`.
void prove(std::vector<grading::Evidence>& proof, const RouteTrial& trial, std::string_view who) {
  for (const auto& one : trial.exchanges)
    if (one.who == "owner" || one.who == who) proof.push_back(exchange_of(trial.at, one));
}

void disagree(Known& known, const RouteTrial& trial, const std::string& what) {
  known.disagreements.push_back(trial.method + " /" + trial.route + ": " + what);
}

void weigh_owner(Known& known, const RouteTrial& trial) {
  Verdict& owner = known.operation.owner;
  const bool other = trial.other >= Got::title && trial.other_confirmed;
  const bool nobody = trial.nobody >= Got::title && trial.nobody_confirmed;
  if (other || nobody) {
    if (owner.yes())
      disagree(known, trial, "reading finds it tied to the owner; others get through");
    if (!owner.no())
      owner =
          Verdict::make(Verdict::State::no, {{trial.at, "others got through when it was tried"}});
    prove(known.owner, trial, other ? "other" : "nobody");
    return;
  }
  const bool held = trial.other == Got::nothing || trial.other == Got::page;
  // That another made a row of their own says nothing of whose it is.
  if (!held || trial.purpose.starts_with("create")) return;
  if (owner.no())
    disagree(known, trial, "reading finds no owner; the other user got nothing when it was tried");
  if (owner.undecided())
    owner = Verdict::make(Verdict::State::yes, {{trial.at, "the other user got nothing"}});
}

/// Sent to sign in, or refused. A redirect to some other page may be the view's own answer.
bool turned_away(const RouteTrial& trial) {
  const auto asked = std::ranges::find(trial.exchanges, "nobody", &sandbox::Exchange::who);
  if (asked == trial.exchanges.end() || trial.nobody != Got::nothing) return false;
  if (asked->status == 401 || asked->status == 403) return true;
  const bool sent_away = asked->status >= 300 && asked->status < 400;
  return sent_away && text::contains_any(text::lower(asked->answer),
                                         {"login", "sign", "next=", "auth", "connexion"});
}

void weigh_login(Known& known, const RouteTrial& trial) {
  Verdict& login = known.operation.login;
  if (trial.nobody >= Got::title && trial.nobody_confirmed) {
    if (login.yes())
      disagree(known, trial, "reading finds a login; nobody in particular gets through");
    if (!login.no())
      login =
          Verdict::make(Verdict::State::no, {{trial.at, "no login was asked when it was tried"}});
    known.operation.discloses = true;
    known.operation.anonymous_error = false;
    prove(known.login, trial, "nobody");
  } else if (turned_away(trial)) {
    if (login.no()) disagree(known, trial, "reading finds no login; nobody was turned away");
    if (login.undecided())
      login =
          Verdict::make(Verdict::State::yes, {{trial.at, "who had not signed in was turned away"}});
  }
}

void weigh_method(Known& known, const RouteTrial& trial) {
  if (!trial.changes_on_get && !trial.without_token) return;
  Verdict& safe = known.operation.method_safe;
  if (safe.yes()) {
    disagree(known, trial,
             trial.changes_on_get ? "reading finds no change by GET; one was made"
                                  : "reading finds CSRF protection; none was asked");
  }
  if (!safe.no())
    safe =
        Verdict::make(Verdict::State::no, {{trial.at, "a change went through when it was tried"}});
  auto& methods = known.operation.methods;
  const bool listed = std::ranges::find(methods, "GET") != methods.end();
  if (trial.changes_on_get && !methods.empty() && !listed) methods.emplace_back("GET");
  prove(known.method_safe, trial, "owner");
}

const sandbox::Probe* probe_of(const Facts& facts) {
  if (facts.rehearsal == nullptr || !facts.rehearsal->probe) return nullptr;
  return &*facts.rehearsal->probe;
}

/// The word of the database as a kind of keeping; unknown where it has none
/// that counts.
project::Transform seen_kind(const sandbox::AtRest& rest) {
  if (rest.kind == "sound") return project::Transform::sound;
  if (!rest.confirmed) return project::Transform::unknown;
  if (rest.kind == "plaintext") return project::Transform::none;
  if (rest.kind == "encoding") return project::Transform::encoding;
  if (rest.kind == "toy_cipher") return project::Transform::toy_cipher;
  if (rest.kind == "hash_only") return project::Transform::hash;
  if (rest.kind == "weak_crypto") return project::Transform::weak_crypto;
  return project::Transform::unknown;
}

}  // namespace

Known known(const Facts& facts, const project::View& view, const project::Operation& operation) {
  Known known{operation, {}, {}, {}, {}};
  const auto* probe = probe_of(facts);
  if (probe == nullptr) return known;
  for (const RouteTrial& trial : probe->trials) {
    if (!trial.controlled() || !is_of(trial, view) || !serves(trial, operation)) continue;
    weigh_owner(known, trial);
    weigh_login(known, trial);
    weigh_method(known, trial);
  }
  return known;
}

project::Transform kept(const Facts& facts) {
  const auto read = facts.project.secrets.kind;
  const auto* probe = probe_of(facts);
  // What the browser has encrypted is stored as it was sent, and ours sent it
  // as typed.
  if (probe == nullptr || read == project::Transform::client_side) return read;
  const auto seen = seen_kind(probe->at_rest);
  if (seen == project::Transform::unknown) return read;
  // From outside a cipher looks sound that reading knows to be misused.
  const bool finer = seen == project::Transform::sound && read == project::Transform::weak_crypto;
  return finer ? read : seen;
}

std::vector<grading::Evidence> kept_evidence(const Facts& facts) {
  std::vector<grading::Evidence> list;
  const auto* probe = probe_of(facts);
  if (probe == nullptr || seen_kind(probe->at_rest) == project::Transform::unknown) return list;
  const auto add = [&](std::string quote) {
    grading::Evidence evidence;
    evidence.kind = grading::Evidence::Kind::exchange;
    evidence.quote = std::move(quote);
    evidence.note = "seen in the database after an entry was made";
    list.push_back(std::move(evidence));
  };
  add(probe->at_rest.why);
  for (const auto& one : probe->at_rest.trail) {
    if (list.size() >= 6) break;
    add(one.place + " " + one.where + ": " + one.how);
  }
  return list;
}

std::optional<std::string> used_way(const Facts& facts, std::string sandbox::Accounts::* way) {
  const auto* probe = probe_of(facts);
  if (probe == nullptr) return std::nullopt;
  const std::string& used = probe->accounts.*way;
  if (used == "form") return " by a form";
  if (used == "api" || used == "token") return " by its API";
  return std::nullopt;
}

void add_proven(const Facts& facts, std::initializer_list<std::string_view> remarks,
                grading::Severity severity, std::vector<grading::Finding>& findings) {
  const auto* probe = probe_of(facts);
  if (probe == nullptr) return;
  for (const auto& remark : probe->remarks) {
    if (!remark.confirmed || std::ranges::find(remarks, remark.what) == remarks.end()) continue;
    if (findings.empty()) {
      findings.push_back(remark.at.path.empty()
                             ? absent(remark.text, severity)
                             : violated(facts, remark.at, remark.text, severity));
    }
    for (const auto& one : remark.exchanges)
      findings.front().evidence.push_back(exchange_of(remark.at, one));
  }
}

std::vector<std::string> disagreements(const Facts& facts) {
  std::vector<std::string> lines;
  for (const auto& view : facts.project.views.all) {
    for (const auto& operation : view.operations)
      for (auto& line : known(facts, view, operation).disagreements)
        lines.push_back(view.name + " (" + operation.op + "), " + line);
  }
  const auto read = facts.project.secrets.kind;
  const auto both = kept(facts);
  if (read != project::Transform::unknown && both != read)
    lines.push_back("how the secret is kept: the database shows «" + probe_of(facts)->at_rest.kind +
                    "», reading says something else");
  return lines;
}

}  // namespace grader::checks
