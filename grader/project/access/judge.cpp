#include "grader/project/access/judge.hpp"

#include <algorithm>

#include "grader/base/text.hpp"

namespace grader::project::access {
namespace {

/// Words in the names of views, in the languages that candidates write.
bool names_export(std::string_view name) {
  return text::contains_any(name, {"export", "download", "backup", "exporter"});
}

bool names_import(std::string_view name) {
  return text::contains_any(name, {"import", "upload", "restore"});
}

bool names_search(std::string_view name) {
  return text::contains_any(name, {"search", "recherche", "buscar", "pesquis", "поиск"});
}

bool names_reveal(std::string_view name) {
  return text::contains_any(
      name, {"reveal", "decrypt", "copy", "show_password", "showuser", "get_password", "dechiffr"});
}

bool names_sharing(std::string_view name) {
  return text::contains_any(name, {"share", "sharing", "link", "temporary", "partage"});
}

bool names_registration(std::string_view name) {
  return text::contains_any(name, {"register", "signup", "sign_up"});
}

/// Worse first: a hole in one place is not mended by another place.
Verdict worse(const Verdict& a, const Verdict& b) {
  const auto rank = [](const Verdict& verdict) {
    if (verdict.no()) return 0;
    if (verdict.undecided()) return 1;
    return verdict.yes() ? 2 : 3;
  };
  return rank(b) < rank(a) ? b : a;
}

bool same_verdicts(const Operation& a, const Operation& b) {
  return a.owner.state == b.owner.state && a.login.state == b.login.state;
}

}  // namespace

Judge::Judge(const Index& index, const Machine& machine, const View& view)
    : index_(index), machine_(machine), name_(text::lower(view.name)) {}

std::vector<Judged> Judge::all() const {
  std::vector<Judged> result;
  for (const auto& effect : machine_.effects()) {
    auto judged = judge(effect);
    if (!judged) continue;
    // An optional search term: without it the same page lists all.
    if (judged->op == "search" && machine_.rows(effect.rows).or_all && !names_search(name_)) {
      result.push_back(*judged);
      result.back().op = "list";
    }
    result.push_back(std::move(*judged));
  }
  if (!names_export(name_) || !result.empty()) return result;
  // Sent by mail or written to a file: what an export reads leaves the application.
  for (const auto& [index, known] : machine_.selections()) {
    if (machine_.rows(index).refined) continue;
    Effect effect;
    effect.rows = index;
    effect.method = machine_.method();
    effect.known = known;
    effect.download = true;
    const auto& trace = machine_.rows(index).trace;
    if (!trace.empty()) effect.at = trace.back().at;
    if (auto judged = judge(effect)) result.push_back(std::move(*judged));
  }
  return result;
}

/// Entries and further models with secrets; rows that entries hang on where something is removed,
/// or done by anybody at all.
bool Judge::counts(const Effect& effect, const Model& model) const {
  if (index_.holds_secrets(model)) return true;
  if (index_.is_share(model)) return effect.kind == Effect::Kind::create;
  if (!index_.holds_entries(model)) return false;
  if (effect.kind == Effect::Kind::remove) return true;
  return effect.kind != Effect::Kind::show && !effect.known.authenticated;
}

std::optional<Judged> Judge::judge(const Effect& effect) const {
  const Rows& rows = machine_.rows(effect.rows);
  if (rows.model == nullptr || !counts(effect, *rows.model)) return std::nullopt;
  if (names_registration(name_) && effect.kind == Effect::Kind::create) return std::nullopt;
  Judged result;
  result.op = operation(effect, rows);
  result.method = effect.method;
  result.model = rows.model->qualified;
  result.at = effect.at;
  result.login = login(effect);
  result.owner = owner(effect, rows);
  result.change = effect.kind != Effect::Kind::show;
  result.page = effect.page;
  const bool exempt = machine_.csrf_exempt() && !machine_.is_drf();
  result.unsafe = result.change && (effect.method == "GET" || exempt);
  result.anonymous_error = result.login.no() && rows.by_user_object;
  return result;
}

std::string Judge::operation(const Effect& effect, const Rows& rows) const {
  switch (effect.kind) {
    case Effect::Kind::remove:
      return "delete";
    case Effect::Kind::update:
      return rows.trashed ? "delete" : "update";
    case Effect::Kind::create:
      if (index_.is_share(*rows.model)) return "share";
      return names_import(name_) && effect.in_loop ? "import" : "create";
    case Effect::Kind::show:
      break;
  }
  return shown_as(effect, rows);
}

std::string Judge::shown_as(const Effect& effect, const Rows& rows) const {
  if (effect.download || names_export(name_)) return "export";
  if (names_sharing(name_)) return "share";
  if (names_reveal(name_)) return "reveal";
  // Asked for by POST and answered with the secret itself.
  if (effect.decrypted && effect.method == "POST" && !rows.searched) return "reveal";
  if (rows.single) return "detail";
  return rows.searched || names_search(name_) ? "search" : "list";
}

Verdict Judge::login(const Effect& effect) const {
  if (effect.known.authenticated) {
    return Verdict::make(Verdict::State::yes, effect.known.steps);
  }
  std::vector<Step> steps = machine_.rows(effect.rows).trace;
  if (const auto& gatekeeper = index_.gatekeeper(); gatekeeper && !gatekeeper->certain) {
    steps.push_back({gatekeeper->at, "middleware that may ask who it is"});
    return Verdict::unknown("middleware of its own, " + gatekeeper->name +
                                ", asks for a login on paths that could not be followed",
                            std::move(steps));
  }
  steps.push_back({effect.at, "reached without a test of who asks"});
  return Verdict::make(Verdict::State::no, std::move(steps));
}

/// A share of an entry that is the requester's.
bool Judge::given_own(const Effect& effect, const Rows& rows) const {
  return std::ranges::any_of(rows.joined, [&](int index) {
    return machine_.rows(index).scoped || effect.known.owned.contains(index);
  });
}

Verdict Judge::owner(const Effect& effect, const Rows& rows) const {
  std::vector<Step> steps = rows.trace;
  steps.insert(steps.end(), effect.known.steps.begin(), effect.known.steps.end());
  const bool found_own =
      effect.kind != Effect::Kind::create && effect.known.owned.contains(effect.rows);
  const bool shares_own = index_.is_share(*rows.model) && given_own(effect, rows);
  if (effect.known.privileged || shares_own || found_own ||
      (rows.scoped && !rows.owner_from_request)) {
    return Verdict::make(Verdict::State::yes, std::move(steps));
  }
  if (rows.owner_from_request) {
    steps.push_back({effect.at, "the request itself says who owns the row"});
    return Verdict::make(Verdict::State::no, std::move(steps));
  }
  if (rows.by_token) {
    steps.push_back({effect.at, "found by a secret token that the request carries"});
    return Verdict::make(Verdict::State::not_applicable, std::move(steps));
  }
  if (rows.unclear) {
    return Verdict::unknown("the selection of the rows could not be followed", std::move(steps));
  }
  if (effect.known.maybe_guarded) {
    return Verdict::unknown("a comparison of row and requester could not be followed",
                            std::move(steps));
  }
  if (rows.model->owner.kind == Owner::Kind::none) {
    steps.push_back({rows.model->at, "rows of " + rows.model->name + " belong to nobody"});
  } else {
    steps.push_back({effect.at, "nothing ties the row to the requester: " +
                                    text::join(rows.model->owner.path, "__") +
                                    " is neither filtered nor compared"});
  }
  return Verdict::make(Verdict::State::no, std::move(steps));
}

void Collector::add(const Judged& judged) {
  for (auto& found : found_) {
    Operation& operation = found.operation;
    const bool same_method =
        std::ranges::find(operation.methods, judged.method) != operation.methods.end();
    if (operation.op != judged.op || !same_method || operation.model != judged.model) continue;
    operation.login = worse(operation.login, judged.login);
    operation.owner = worse(operation.owner, judged.owner);
    if (judged.unsafe) operation.method_safe.state = Verdict::State::no;
    operation.anonymous_error = operation.anonymous_error && judged.anonymous_error;
    found.page = found.page && judged.page;
    return;
  }
  Operation operation;
  operation.op = judged.op;
  operation.methods = {judged.method};
  operation.model = judged.model;
  operation.at = judged.at;
  operation.handler_at = judged.handler_at;
  operation.login = judged.login;
  operation.owner = judged.owner;
  operation.method_safe = Verdict::make(judged.unsafe ? Verdict::State::no : Verdict::State::yes,
                                        {{judged.at, judged.op}});
  operation.anonymous_error = judged.anonymous_error;
  found_.push_back({std::move(operation), judged.change, judged.page});
}

std::vector<Operation> Collector::take() {
  name_reveals();
  drop_echoes();
  join_methods();
  drop_confirmation_pages();
  std::vector<Operation> operations;
  for (auto& found : found_) operations.push_back(std::move(found.operation));
  return operations;
}

/// What GET lists as well is no answer to a question for one secret.
void Collector::name_reveals() {
  for (auto& found : found_) {
    Operation& reveal = found.operation;
    if (reveal.op != "reveal" || reveal.methods.front() == "GET") continue;
    const auto twin = std::ranges::find_if(found_, [&](const Found& other) {
      return !other.change && other.operation.methods.front() == "GET" &&
             other.operation.model == reveal.model && other.operation.op != "export";
    });
    if (twin != found_.end()) reveal.op = twin->operation.op;
  }
}

/// A change that answers with the row it changed, a file that is sent as well as written.
void Collector::drop_echoes() {
  std::erase_if(found_, [&](const Found& shown) {
    const std::string& op = shown.operation.op;
    if (shown.change || op == "export" || op == "share") return false;
    const bool exported = std::ranges::any_of(found_, [&](const Found& other) {
      return other.operation.op == "export" && other.operation.model == shown.operation.model &&
             other.operation.methods.front() == shown.operation.methods.front();
    });
    if (exported && !shown.page) return true;
    if (op != "detail" && op != "reveal") return false;
    return std::ranges::any_of(found_, [&](const Found& other) {
      return other.change && other.operation.model == shown.operation.model &&
             other.operation.methods.front() != "GET" &&
             other.operation.methods.front() == shown.operation.methods.front();
    });
  });
}

void Collector::join_methods() {
  std::vector<Found> joined;
  for (auto& found : found_) {
    Operation& operation = found.operation;
    const auto twin = std::ranges::find_if(joined, [&](const Found& other) {
      return other.operation.op == operation.op && other.operation.model == operation.model &&
             same_verdicts(other.operation, operation) &&
             other.operation.handler_at == operation.handler_at;
    });
    if (twin == joined.end()) {
      joined.push_back(std::move(found));
      continue;
    }
    twin->operation.methods.push_back(operation.methods.front());
    twin->page = twin->page && found.page;
    if (operation.method_safe.no()) twin->operation.method_safe = operation.method_safe;
  }
  found_ = std::move(joined);
}

/// The page that asks before a change shows the row too: it counts only where it leaks more, or
/// where it is a page of the row itself, from which several changes start.
void Collector::drop_confirmation_pages() {
  const auto changes = [&](const Found& shown, std::string_view op) {
    return std::ranges::any_of(found_, [&](const Found& other) {
      return other.operation.op == op && other.operation.model == shown.operation.model &&
             other.operation.methods != std::vector<std::string>{"GET"} &&
             same_verdicts(other.operation, shown.operation);
    });
  };
  std::erase_if(found_, [&](const Found& shown) {
    const std::string& op = shown.operation.op;
    if (rest_ || !shown.page || (op != "detail" && op != "reveal")) return false;
    const bool updates = changes(shown, "update");
    const bool removes = changes(shown, "delete");
    return updates != removes;
  });
}

}  // namespace grader::project::access
