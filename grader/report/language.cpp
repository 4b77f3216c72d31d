#include "grader/report/language.hpp"

#include "grader/report/assets.hpp"
#include "grader/report/phrases.hpp"

namespace grader::report {
namespace {

const Phrases& russian() {
  static const Phrases phrases(asset("ru.txt"));
  return phrases;
}

/// Puts texts into one language, in place.
class Localiser {
 public:
  explicit Localiser(const std::string& language) : language_(language) {}

  void operator()(std::string& text) const { text = said(text, language_); }
  void operator()(std::vector<std::string>& texts) const {
    for (auto& text : texts) (*this)(text);
  }
  void operator()(grading::Finding& finding) const {
    (*this)(finding.message);
    for (auto& step : finding.evidence) (*this)(step.note);
  }
  void operator()(std::vector<grading::Finding>& findings) const {
    for (auto& finding : findings) (*this)(finding);
  }
  void operator()(grading::Grade& grade) const;
  void operator()(sandbox::Rehearsal& rehearsal) const;

 private:
  const std::string& language_;
};

void Localiser::operator()(grading::Grade& grade) const {
  (*this)(grade.band_title);
  for (auto& band : grade.bands) (*this)(band.title);
  for (auto& section : grade.sections) {
    (*this)(section.title);
    for (auto& mark : section.marks) {
      (*this)(mark.title);
      (*this)(mark.reasons);
    }
  }
  for (auto& gate : grade.gates) {
    (*this)(gate.title);
    (*this)(gate.effect);
    (*this)(gate.evidence);
  }
  for (auto* ledger : {&grade.bonus, &grade.penalties}) {
    for (auto& entry : *ledger) (*this)(entry.title);
  }
}

void Localiser::operator()(sandbox::Rehearsal& rehearsal) const {
  (*this)(rehearsal.problem);
  for (auto& rung : rehearsal.ladder) (*this)(rung.reason);
  for (auto& repair : rehearsal.repairs) (*this)(repair.detail);
  if (rehearsal.tests) (*this)(rehearsal.tests->doubt);
  if (!rehearsal.probe) return;
  auto& probe = *rehearsal.probe;
  (*this)(probe.problem);
  (*this)(probe.at_rest.why);
  for (auto& trace : probe.at_rest.trail) (*this)(trace.how);
  for (auto& remark : probe.remarks) (*this)(remark.text);
  for (auto& trial : probe.trials) {
    for (auto& exchange : trial.exchanges) (*this)(exchange.effect);
  }
}

}  // namespace

std::string said(std::string_view english, const std::string& language) {
  if (language != "ru" || english.empty()) return std::string(english);
  return russian().find(english).value_or(std::string(english));
}

bool is_known(std::string_view english, const std::string& language) {
  return language != "ru" || english.empty() || russian().find(english).has_value();
}

Report localised(Report report) {
  if (report.language == "en") return report;
  const Localiser localise(report.language);
  localise(report.findings);
  for (auto& rule : report.rules) {
    localise(rule.title);
    localise(rule.why);
    localise(rule.fix);
  }
  localise(report.grade);
  if (report.rehearsal) localise(*report.rehearsal);
  if (report.lint) localise(report.lint->problem);
  localise(report.submission.warnings);
  localise(report.history_gap);
  localise(report.disagreements);
  for (auto& note : report.profile.git.notes) localise(note.text);
  return report;
}

std::vector<std::string> catalogue_problems(std::string_view text) {
  return Phrases(text).problems();
}

}  // namespace grader::report
