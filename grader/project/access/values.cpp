#include "grader/project/access/values.hpp"

#include <algorithm>
#include <iterator>

namespace grader::project::access {

void Knowledge::add(const Knowledge& other) {
  authenticated = authenticated || other.authenticated;
  privileged = privileged || other.privileged;
  maybe_guarded = maybe_guarded || other.maybe_guarded;
  owned.insert(other.owned.begin(), other.owned.end());
  narrowed.insert(other.narrowed.begin(), other.narrowed.end());
  for (const auto& step : other.steps) {
    const bool seen = std::ranges::any_of(
        steps, [&](const Step& mine) { return mine.at == step.at && mine.text == step.text; });
    if (!seen) steps.push_back(step);
  }
}

namespace {

std::set<int> in_both(const std::set<int>& a, const std::set<int>& b) {
  std::set<int> both;
  std::ranges::set_intersection(a, b, std::inserter(both, both.end()));
  return both;
}

}  // namespace

void Knowledge::keep_owned(const Knowledge& other, const std::function<bool(int)>& absent_here,
                           const std::function<bool(int)>& absent_there) {
  std::set<int> kept;
  std::ranges::copy_if(owned, std::inserter(kept, kept.end()), absent_there);
  std::ranges::copy_if(other.owned, std::inserter(kept, kept.end()), absent_here);
  intersect(other);
  owned.merge(kept);
}

void Knowledge::intersect(const Knowledge& other) {
  authenticated = authenticated && other.authenticated;
  // «staff or owner»: staff see every row by intent, so the owner's side decides.
  if (privileged && !other.privileged) {
    owned = other.owned;
  } else if (!other.privileged || privileged) {
    owned = in_both(owned, other.owned);
  }
  privileged = privileged && other.privileged;
  maybe_guarded = maybe_guarded && other.maybe_guarded;
  narrowed = in_both(narrowed, other.narrowed);
  std::erase_if(steps, [&](const Step& step) {
    return std::ranges::none_of(other.steps, [&](const Step& theirs) {
      return theirs.at == step.at && theirs.text == step.text;
    });
  });
}

}  // namespace grader::project::access
