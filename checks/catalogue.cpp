#include <algorithm>
#include <array>
#include <exception>
#include <utility>

#include "checks/check.hpp"
#include "checks/questions.hpp"

namespace grader::checks {

#define GRADER_CHECK(family, name) \
  namespace family {               \
  extern const Check name;         \
  }
#include "checks/catalogue.def"
#undef GRADER_CHECK

namespace {

const std::array entries = {
#define GRADER_CHECK(family, name) CatalogueEntry{#family "." #name, #family, &family::name},
#include "checks/catalogue.def"
#undef GRADER_CHECK
};

constexpr auto questions = std::to_array<std::string_view>({
#define GRADER_CHECK(family, name)
#define GRADER_QUESTION(family, name) #family "." #name,
#include "checks/catalogue.def"
#undef GRADER_QUESTION
#undef GRADER_CHECK
});

grading::Finding whole(const CatalogueEntry& entry, grading::Outcome outcome) {
  grading::Finding finding;
  finding.outcome = outcome;
  finding.severity = entry.check->severity;
  finding.check = entry.id;
  return finding;
}

std::vector<grading::Finding> run(const CatalogueEntry& entry, const Facts& facts) {
  std::vector<grading::Finding> findings;
  try {
    findings = entry.check->run(facts);
  } catch (const std::exception& error) {
    findings = {whole(entry, grading::Outcome::undetermined)};
    findings.front().cause = grading::Cause::grader;
    findings.front().message =
        std::string("This check stopped by a fault of ours: ") + error.what();
  }
  if (findings.empty()) findings.push_back(whole(entry, grading::Outcome::met));
  for (auto& finding : findings) {
    finding.check = entry.id;
    if (finding.outcome != grading::Outcome::violated || !is_question(entry.id)) continue;
    finding.confidence = grading::Confidence::low;
    finding.severity = grading::Severity::info;
  }
  return findings;
}

}  // namespace

bool is_question(std::string_view id) {
  return std::ranges::find(questions, id) != questions.end();
}

std::span<const CatalogueEntry> catalogue() { return entries; }

const CatalogueEntry* find_check(std::string_view id) {
  const auto found = std::ranges::find(entries, id, &CatalogueEntry::id);
  return found == entries.end() ? nullptr : &*found;
}

std::vector<grading::Finding> inspect(const Facts& facts) {
  std::vector<grading::Finding> all;
  for (const auto& entry : entries) {
    for (auto& finding : run(entry, facts)) all.push_back(std::move(finding));
  }
  return all;
}

}  // namespace grader::checks
