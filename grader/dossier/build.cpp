#include "grader/dossier/build.hpp"

#include <algorithm>
#include <set>

#include "grader/base/text.hpp"
#include "grader/dossier/anchors.hpp"
#include "grader/dossier/vocabulary.hpp"

namespace grader::dossier {
namespace {

using grading::Finding;
using grading::Outcome;

/// A question that fits, filled in, and how well it fits.
struct Candidate {
  Asked asked;
  const Question* question = nullptr;
  int score = 0;
  std::string tie;  ///< decides between equal scores, differently for each submission
};

/// The text with every placeholder filled in, or nothing where one is not known here.
std::optional<std::string> filled(const std::string& text,
                                  const std::map<std::string, std::string>& words) {
  std::string result;
  std::size_t from = 0;
  for (std::size_t open = text.find('{'); open != text.npos; open = text.find('{', open + 1)) {
    const auto close = text.find('}', open);
    if (close == text.npos) break;
    const std::string word = text.substr(open + 1, close - open - 1);
    if (std::ranges::find(placeholder_names(), word) == placeholder_names().end()) continue;
    const auto value = words.find(word);
    if (value == words.end()) return std::nullopt;
    result += text.substr(from, open - from) + value->second;
    from = close + 1;
  }
  return result + text.substr(from);
}

std::optional<Words> filled(const Words& text, const std::map<std::string, std::string>& words) {
  auto en = filled(text.en, words);
  auto ru = filled(text.ru, words);
  if (!en || !ru) return std::nullopt;
  return Words{std::move(*en), std::move(*ru)};
}

class Builder {
 public:
  Builder(const Bank& bank, const Material& material)
      : bank_(bank), material_(material), anchors_(material) {}

  Dossier dossier();

 private:
  Outcome combined(const std::string& check) const;
  int severity(const std::vector<std::string>& checks) const;
  bool fits(const Condition& when) const;
  std::optional<Asked> asked(const Question& question, const std::string& place) const;
  std::optional<Candidate> candidate(const Question& question) const;
  std::vector<Candidate> candidates(const std::string& part) const;
  std::vector<Asked> chosen(const PartPlan& plan);
  void take(std::vector<Candidate>& from, const std::string& topic, std::vector<Asked>& into);

  const Bank& bank_;
  const Material& material_;
  Anchors anchors_;
  std::set<std::string> used_places_;
};

Outcome Builder::combined(const std::string& check) const {
  return grading::combined(material_.findings, check);
}

int Builder::severity(const std::vector<std::string>& checks) const {
  int result = -1;
  for (const auto& finding : material_.findings) {
    if (finding.outcome != Outcome::violated) continue;
    if (std::ranges::find(checks, finding.check) == checks.end()) continue;
    result = std::max(result, static_cast<int>(finding.severity));
  }
  return result;
}

bool Builder::fits(const Condition& when) const {
  if (!when.violated.empty() && severity(when.violated) < 0) return false;
  const bool all_met = std::ranges::all_of(
      when.met, [&](const std::string& check) { return combined(check) == Outcome::met; });
  return all_met && std::ranges::all_of(when.facts, [&](const auto& wanted) {
           const auto fact = material_.facts.find(wanted.first);
           return fact != material_.facts.end() &&
                  std::ranges::find(wanted.second, fact->second) != wanted.second.end();
         });
}

std::optional<Asked> Builder::asked(const Question& question, const std::string& place) const {
  const auto anchor = anchors_.find(place, question.when.violated);
  if (!anchor) return std::nullopt;
  auto ask = filled(question.ask, anchor->words);
  auto junior = filled(question.junior, anchor->words);
  auto middle = filled(question.middle, anchor->words);
  auto follow_up = filled(question.follow_up, anchor->words);
  if (!ask || !junior || !middle || !follow_up) return std::nullopt;
  Asked result{question.id,
               question.topic,
               question.level,
               anchor->at,
               anchor->commit,
               anchor->quote,
               std::move(*ask),
               std::move(*junior),
               std::move(*middle),
               std::move(*follow_up),
               {}};
  for (const auto& item : question.watch) {
    if (auto words = filled(item, anchor->words)) result.watch.push_back(std::move(*words));
  }
  return result;
}

std::optional<Candidate> Builder::candidate(const Question& question) const {
  if (!fits(question.when)) return std::nullopt;
  for (const auto& place : question.at) {
    auto filled_in = asked(question, place);
    if (!filled_in) continue;
    Candidate result{std::move(*filled_in), &question, 0, {}};
    // What was found wrong is worth asking first; then what this project's facts call for.
    if (!question.when.violated.empty()) {
      result.score += 40 + 15 * std::max(severity(question.when.violated), 0);
    } else if (!question.when.facts.empty()) {
      result.score += 10;
    }
    result.score -= 20 * std::abs(question.level - material_.strength);
    result.tie = text::sha256(material_.salt + question.id);
    return result;
  }
  return std::nullopt;
}

std::vector<Candidate> Builder::candidates(const std::string& part) const {
  std::vector<Candidate> result;
  for (const auto& question : bank_.questions) {
    if (question.part != part) continue;
    if (auto one = candidate(question)) result.push_back(std::move(*one));
  }
  return result;
}

/// Moves the best question of `topic` (of any topic where it is empty). A place that was asked
/// about already is less worth.
void Builder::take(std::vector<Candidate>& from, const std::string& topic,
                   std::vector<Asked>& into) {
  const auto worth = [&](const Candidate& one) {
    int score = one.score;
    if (used_places_.contains(to_string(one.asked.at) + one.asked.commit)) score -= 30;
    if (topic.empty()) {
      const auto same = std::ranges::count(into, one.asked.topic, &Asked::topic);
      score -= 25 * static_cast<int>(same);
    }
    return score;
  };
  auto best = from.end();
  for (auto one = from.begin(); one != from.end(); ++one) {
    if (!topic.empty() && one->question->topic != topic) continue;
    if (best == from.end() || worth(*one) > worth(*best) ||
        (worth(*one) == worth(*best) && one->tie < best->tie)) {
      best = one;
    }
  }
  if (best == from.end()) return;
  used_places_.insert(to_string(best->asked.at) + best->asked.commit);
  into.push_back(std::move(best->asked));
  from.erase(best);
}

std::vector<Asked> Builder::chosen(const PartPlan& plan) {
  auto from = candidates(plan.id);
  std::vector<Asked> result;
  const auto most = static_cast<std::size_t>(plan.at_most);
  for (const auto& topic : plan.topics) {
    for (int i = 0; i < topic.count && result.size() < most; ++i) take(from, topic.id, result);
  }
  while (result.size() < static_cast<std::size_t>(plan.at_least) && !from.empty()) {
    take(from, "", result);
  }
  return result;
}

Dossier Builder::dossier() {
  Dossier result;
  for (const auto& plan : bank_.parts) {
    Part part{plan.id, plan.title, plan.hint, 0, chosen(plan)};
    part.minutes = material_.strength == 1 ? plan.minutes_short : plan.minutes_long;
    result.minutes += part.minutes;
    result.parts.push_back(std::move(part));
  }
  result.sheet = bank_.sheet;
  result.bank_digest = bank_.digest;
  return result;
}

}  // namespace

Dossier build(const Bank& bank, const Material& material) {
  return Builder(bank, material).dossier();
}

}  // namespace grader::dossier
