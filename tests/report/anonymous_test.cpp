#include "grader/report/anonymous.hpp"

#include <doctest/doctest.h>

#include "grader/report/formats.hpp"
#include "grader/report/leaflet.hpp"
#include "tests/report/sample.hpp"

namespace report = grader::report;

TEST_CASE("names and addresses are taken out as whole words") {
  const std::vector<std::string> names{"ann example", "example", "ann"};
  const auto out = [&](std::string_view text) { return report::without_people(text, names); };
  CHECK(out("By Ann Example.") == "By «person».");
  CHECK(out("ann_vault/views.py, ANN-vault") == "«person»_vault/views.py, «person»-vault");
  CHECK(out("annotate, Johann, examples") == "annotate, Johann, examples");
  CHECK(out("write to a.b+c@mail.example.org, or @ann") == "write to «address», or @«person»");
  CHECK(out("@login_required") == "@login_required");
  CHECK(out("a @ b.c and x@y") == "a @ b.c and x@y");
  CHECK(out("") == "");
}

TEST_CASE("an anonymous report names nobody, in any format") {
  auto sample = report::sample::middling();
  sample.submission.source = "https://git.example.org/zaphodb/vault.git";
  for (auto& commit : sample.commits) {
    commit.author = {"Zaphod Beeblebrox", "zaphod@heart-of-gold.example"};
    commit.committer = commit.author;
  }
  sample.commits.front().message = "Merge branch of zaphodb (Beeblebrox)";
  sample.findings.front().message += " Zaphod wrote it.";
  sample.findings.front().evidence.front().location.path = "zaphod_site/views.py";
  sample.findings.front().evidence.front().quote = "AUTHOR = 'Z. <zaphod@heart-of-gold.example>'";
  sample.grade.sections.front().marks.front().reasons = {"zaphod_site/views.py:3: bad"};
  sample.submission.warnings = {"https://git.example.org/zaphodb/vault.git is small"};
  sample.dossier.parts.front().questions.front().ask = {"Zaphod's view?", "View от Zaphod?"};
  const auto anonymous = report::anonymised(sample);
  CHECK(anonymous.anonymous);
  CHECK(anonymous.submission.commit == sample.submission.commit);
  for (const auto& text : {report::to_json(anonymous), report::to_html(anonymous),
                           report::to_markdown(anonymous), report::to_sarif(anonymous),
                           report::to_junit(anonymous), report::to_terminal(anonymous, false),
                           report::to_html(report::recruiter_leaflet(anonymous)),
                           report::to_markdown(report::candidate_leaflet(anonymous))}) {
    for (const char* word : {"aphod", "eeblebrox", "heart-of-gold", "git.example.org"}) {
      CHECK_MESSAGE(text.find(word) == std::string::npos, word << " in " << text.substr(0, 80));
    }
  }
  // The proof can fail: the report with names has them.
  CHECK(report::to_json(sample).find("aphod") != std::string::npos);
  CHECK(report::to_html(sample).find("git.example.org") != std::string::npos);
}

TEST_CASE("a hostile submission can be made anonymous") {
  const auto anonymous = report::anonymised(report::sample::hostile());
  CHECK(anonymous.findings.size() == report::sample::hostile().findings.size());
}
