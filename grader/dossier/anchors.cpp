#include "grader/dossier/anchors.hpp"

#include <algorithm>
#include <array>
#include <set>

#include "grader/base/text.hpp"

namespace grader::dossier {
namespace {

using grading::Evidence;
using grading::Finding;
using grading::Outcome;

constexpr std::size_t max_line = 100;
constexpr std::size_t max_quote = 12;
constexpr std::size_t max_named = 6;

/// The first line that says something, without its indent.
std::string first_line(std::string_view quote) {
  for (const auto line : text::lines(quote)) {
    const auto trimmed = text::trim(line);
    if (!trimmed.empty()) return text::shorten(text::to_utf8(trimmed), max_line);
  }
  return {};
}

std::string first_lines(std::string_view quote) {
  std::string result;
  const auto lines = text::lines(quote);
  for (std::size_t i = 0; i < std::min(lines.size(), max_quote); ++i) {
    result += std::string(lines[i]) + "\n";
  }
  while (result.ends_with('\n')) result.pop_back();
  return result;
}

std::string short_place(const Location& at) {
  return at.line > 0 ? at.path + ":" + std::to_string(at.line) : at.path;
}

/// How much is wrong with a view: 0 where nothing is.
int badness(const ViewFact& view) {
  int result = 0;
  if (view.owner == "missing") result += 40;
  if (view.login == "missing") result += 30;
  if (view.unsafe) result += 10;
  if (view.owner == "unsure") result += 4;
  if (view.login == "unsure") result += 2;
  return view.reached ? result : result / 4;
}

/// How well a view shows that its author knows the rule: 0 where it does not.
int goodness(const ViewFact& view) {
  if (view.owner != "scoped" || view.login != "required" || !view.reached) return 0;
  constexpr std::array<std::string_view, 5> best{"list", "search", "delete", "update", "detail"};
  const auto* at = std::ranges::find(best, view.op);
  const auto rank = at == best.end() ? 1 : 2 + static_cast<int>(at - best.begin());
  return view.unsafe ? 1 : rank;
}

/// "entry_list (vault/views.py:12), entry_edit (…)": each view once.
std::string named(const std::vector<const ViewFact*>& views) {
  std::vector<std::string> parts;
  std::set<std::string> seen;
  for (const auto* view : views) {
    if (!seen.insert(view->name + short_place(view->at)).second) continue;
    if (parts.size() == max_named) {
      parts.emplace_back("…");
      break;
    }
    parts.push_back(view->name + " (" + short_place(view->at) + ")");
  }
  return text::join(parts, ", ");
}

int rank(const Finding& finding) {
  if (finding.outcome == Outcome::violated) return 10 + static_cast<int>(finding.severity);
  if (finding.outcome == Outcome::undetermined) return 2;
  return finding.outcome == Outcome::met ? 1 : 0;
}

}  // namespace

Anchors::Anchors(const Material& material) : material_(material), words_(material.words) {
  for (const auto& view : material_.views) {
    if (goodness(view) > 0 && (best_ == nullptr || goodness(view) > goodness(*best_))) {
      best_ = &view;
    }
    if (badness(view) > 0 && (worst_ == nullptr || badness(view) > badness(*worst_))) {
      worst_ = &view;
    }
  }
  add_views();
  words_["commits"] = std::to_string(material_.commits.size());
}

void Anchors::add_views() {
  const auto set = [&](const char* name, const std::string& value) {
    if (!value.empty()) words_[name] = value;
  };
  if (best_ != nullptr) {
    set("best_view", best_->name);
    set("best_at", short_place(best_->at));
  }
  if (worst_ != nullptr) {
    set("worst_view", worst_->name);
    set("worst_at", short_place(worst_->at));
  }
  std::vector<const ViewFact*> shared;
  std::vector<const ViewFact*> owned;
  for (const auto& view : material_.views) {
    if (view.op != "create" && view.op != "import") shared.push_back(&view);
    if (view.owner == "scoped") owned.push_back(&view);
  }
  set("share_places", named(shared));
  const bool several = std::ranges::any_of(
      owned, [&](const ViewFact* view) { return view->name != owned.front()->name; });
  if (several) set("owned_views", named(owned));
}

const ViewFact* Anchors::view_with(const std::string& op) const {
  const ViewFact* found = nullptr;
  for (const auto& view : material_.views) {
    if (view.op != op) continue;
    if (view.reached) return &view;
    if (found == nullptr) found = &view;
  }
  return found;
}

const ViewFact* Anchors::view_around(const Location& at) const {
  const ViewFact* found = nullptr;
  for (const auto& view : material_.views) {
    const int end = std::max(view.at.end_line, view.at.line);
    const bool inside = view.at.path == at.path && view.at.line <= at.line && at.line <= end;
    if (inside && (found == nullptr || view.at.line > found->at.line)) found = &view;
  }
  return found;
}

Anchor Anchors::at_place(const Location& at, std::string quote) const {
  Anchor anchor{at, {}, std::move(quote), words_};
  if (anchor.quote.empty() && material_.quote && at.line > 0) anchor.quote = material_.quote(at);
  anchor.quote = first_lines(anchor.quote);
  anchor.words["at"] = short_place(at);
  if (auto line = first_line(anchor.quote); !line.empty()) anchor.words["line"] = std::move(line);
  if (const auto* view = view_around(at)) anchor.words["view"] = view->name;
  return anchor;
}

std::optional<Anchor> Anchors::of_check(const std::string& id, bool violated) const {
  const Finding* found = nullptr;
  const Evidence* place = nullptr;
  for (const auto& finding : material_.findings) {
    if (finding.check != id || (violated && finding.outcome != Outcome::violated)) continue;
    if (found != nullptr && rank(finding) <= rank(*found)) continue;
    const auto step = std::ranges::find_if(finding.evidence, [](const Evidence& evidence) {
      return evidence.location.line > 0 || !evidence.commit.empty();
    });
    if (step == finding.evidence.end()) continue;
    found = &finding;
    place = &*step;
  }
  if (found == nullptr) return std::nullopt;
  if (place->location.line == 0) {
    for (const auto& commit : material_.commits) {
      if (commit.id != place->commit) continue;
      Anchor anchor{{}, commit.id, {}, words_};
      anchor.words["at"] = anchor.words["commit"] = commit.id.substr(0, 10);
      anchor.words["subject"] = text::shorten(commit.subject, max_line);
      return anchor;
    }
    return std::nullopt;
  }
  Anchor anchor = at_place(place->location, place->quote);
  for (const auto& step : found->evidence) {
    if (anchor.words.contains("view")) break;
    if (const auto* view = view_around(step.location)) anchor.words["view"] = view->name;
  }
  return anchor;
}

std::optional<Anchor> Anchors::of_guard(std::string_view prefix) const {
  for (const auto& finding : material_.findings) {
    for (const auto& step : finding.evidence) {
      if (!finding.check.starts_with("access.") || !step.note.starts_with(prefix) ||
          step.location.line == 0) {
        continue;
      }
      Anchor anchor = at_place(step.location, step.quote);
      anchor.words["guard"] = text::shorten(step.note, max_line);
      return anchor;
    }
  }
  return std::nullopt;
}

/// The line that asks the database: where a finding says so, else where it reads like a query.
Location Anchors::lookup_in(const ViewFact& view) const {
  for (const auto& finding : material_.findings) {
    for (const auto& step : finding.evidence) {
      const auto& at = step.location;
      if (step.note.starts_with("rows of ") && at.path == view.at.path && at.line > view.at.line &&
          at.line <= view.at.end_line) {
        return at;
      }
    }
  }
  const std::string line = material_.quote ? material_.quote(view.lookup) : std::string();
  return text::contains_any(line, {"objects", ".filter(", "queryset"}) ? view.lookup : Location();
}

std::optional<Anchor> Anchors::of_view(const std::string& name) const {
  constexpr std::string_view view_suffix = "_view";
  constexpr std::string_view lookup_suffix = "_lookup";
  const ViewFact* view = nullptr;
  const bool lookup = name.ends_with(lookup_suffix);
  if (name == "best_view" || name == "worst_view") {
    view = name == "best_view" ? best_ : worst_;
  } else {
    const auto suffix = lookup ? lookup_suffix : view_suffix;
    if (!name.ends_with(suffix)) return std::nullopt;
    view = view_with(name.substr(0, name.size() - suffix.size()));
  }
  if (view == nullptr) return std::nullopt;
  constexpr int shown = 8;
  Location at = lookup ? lookup_in(*view) : view->at;
  if (at.line == 0) return std::nullopt;
  at.end_line = lookup ? 0 : std::min(at.end_line, at.line + shown - 1);
  Anchor anchor = at_place(at);
  anchor.words["view"] = view->name;
  return anchor;
}

std::optional<Anchor> Anchors::of_commit(const std::string& name) const {
  if (material_.commits.empty()) return std::nullopt;
  const CommitFact* commit = &material_.commits.front();
  if (name == "first_commit") commit = &material_.commits.back();
  if (name == "largest_commit") {
    commit = &*std::ranges::max_element(material_.commits, {}, &CommitFact::lines);
  }
  if (name == "telling_commit") {
    const auto length = [](const CommitFact& one) {
      return one.telling ? std::min<std::size_t>(one.subject.size(), max_line) : 0;
    };
    commit = &*std::ranges::max_element(material_.commits, {}, length);
    if (!commit->telling) return std::nullopt;
  }
  Anchor anchor{{}, commit->id, {}, words_};
  anchor.words["at"] = anchor.words["commit"] = commit->id.substr(0, 10);
  const auto subject = text::trim(commit->subject);
  if (!subject.empty()) {
    anchor.words["subject"] = text::shorten(text::to_utf8(subject), max_line);
  }
  return anchor;
}

std::optional<Anchor> Anchors::find(const std::string& name,
                                    const std::vector<std::string>& violated) const {
  constexpr std::string_view prefix = "check:";
  if (name.starts_with(prefix)) {
    const std::string id = name.substr(prefix.size());
    return of_check(id, std::ranges::find(violated, id) != violated.end());
  }
  if (name.ends_with("_commit")) return of_commit(name);
  if (name == "guard_decorator") return of_guard("@");
  if (name == "guard_mixin") return of_guard("mixin ");
  const auto place = material_.places.find(name);
  if (place != material_.places.end()) return at_place(place->second);
  return of_view(name);
}

}  // namespace grader::dossier
