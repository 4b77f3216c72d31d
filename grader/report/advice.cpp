#include "grader/report/advice.hpp"

#include <algorithm>

#include "grader/report/words.hpp"

namespace grader::report {
namespace {

using grading::Evidence;
using grading::Outcome;

/// The first place in code: what was asked of the running application is nobody's to read here.
Location place_in_code(const grading::Finding& finding) {
  for (const auto& step : finding.evidence) {
    if (step.kind == Evidence::Kind::code && !step.location.path.empty()) return step.location;
  }
  return {};
}

const Advice* advice_of(const std::string& check) {
  const auto all = all_advice();
  const auto found = std::ranges::find(all, check, &Advice::check);
  return found == all.end() ? nullptr : &*found;
}

/// True where praise would be wrong although its rule is met: the subject is weak elsewhere.
bool is_spoilt(const Report& report, std::string_view check) {
  const auto violated = [&](std::string_view id) {
    return grading::combined(report.findings, id) == Outcome::violated;
  };
  if (check == "encryption.secret_stored_plain") {
    return violated("encryption.encoding_as_encryption") || violated("encryption.one_way_hash") ||
           violated("encryption.weak_cipher") || report.profile.encryption.kind != "sound";
  }
  if (check == "ownership.lookup_without_owner") {
    return violated("ownership.unscoped_list") || violated("ownership.change_without_owner") ||
           violated("access.other_user_disclosure") || violated("access.anonymous_disclosure");
  }
  return false;
}

}  // namespace

std::vector<Applied> praised(const Report& report, std::size_t most) {
  std::vector<Applied> result;
  for (const auto& advice : all_advice()) {
    if (result.size() == most) break;
    if (advice.good.en.empty() || is_spoilt(report, advice.check)) continue;
    if (grading::combined(report.findings, advice.check) != Outcome::met) continue;
    const auto finding = std::ranges::find(report.findings, advice.check, &grading::Finding::check);
    result.push_back({&advice, place_in_code(*finding)});
  }
  return result;
}

std::vector<Applied> criticised(const Report& report, std::size_t most) {
  struct Ranked {
    grading::Severity severity;
    Applied applied;
  };
  std::vector<Ranked> found;
  for (const auto& group : groups(report, Outcome::violated)) {
    const Advice* advice = advice_of(group.check);
    if (advice == nullptr) continue;
    found.push_back({group.severity, {advice, place_in_code(*group.findings.front())}});
  }
  std::ranges::stable_sort(found, [](const Ranked& a, const Ranked& b) {
    return a.severity != b.severity ? a.severity > b.severity : a.applied.advice < b.applied.advice;
  });
  std::vector<Applied> result;
  for (const auto& one : found) {
    if (result.size() < most) result.push_back(one.applied);
  }
  return result;
}

}  // namespace grader::report
