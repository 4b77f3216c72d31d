#include "grader/dossier/build.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>

#include "checks/check.hpp"

namespace dossier = grader::dossier;
namespace grading = grader::grading;

namespace {

using dossier::Material;

grading::Finding finding(std::string check, grading::Outcome outcome, std::string path = {},
                         int line = 0, std::string quote = {}) {
  grading::Finding result;
  result.check = std::move(check);
  result.outcome = outcome;
  result.severity = grading::Severity::high;
  if (!path.empty()) {
    result.evidence.push_back(
        {grading::Evidence::Kind::code, {std::move(path), line, 0, 0}, "", std::move(quote), ""});
  }
  return result;
}

const dossier::Bank& bank() {
  static const dossier::Bank loaded = [] {
    std::vector<std::string> ids;
    for (const auto& entry : grader::checks::catalogue()) ids.emplace_back(entry.id);
    return dossier::load_bank("rubrics/questions", ids).value();
  }();
  return loaded;
}

dossier::ViewFact view(std::string name, std::string op, int line, std::string owner,
                       std::string login = "required") {
  dossier::ViewFact result;
  result.name = std::move(name);
  result.kind = "function";
  result.op = std::move(op);
  result.at = {"vault/views.py", line, 0, line + 9};
  result.lookup = {"vault/views.py", line + 3, 0, 0};
  result.owner = std::move(owner);
  result.login = std::move(login);
  return result;
}

/// A submission that encrypts, with one view that forgets the owner.
Material vault() {
  Material result;
  result.salt = "aa";
  result.strength = 2;
  result.facts = {{"encryption.class", "sound"},
                  {"encryption.key_source", "env"},
                  {"owner", "direct"},
                  {"ui", "templates"},
                  {"view_kind", "function"},
                  {"migrations", "committed"},
                  {"tests.any", "true"},
                  {"features.search", "true"},
                  {"features.generator", "false"},
                  {"git.style", "incremental"}};
  result.words = {{"model", "Secret"},     {"secret_field", "cipher_text"},
                  {"owner", "keeper"},     {"fields", "label, cipher_text, keeper"},
                  {"text_field", "label"}, {"algorithm", "Fernet"},
                  {"test", "test_add"},    {"tests", "4"}};
  result.places = {{"entry_model", {"vault/models.py", 7, 0, 0}},
                   {"secret_field", {"vault/models.py", 9, 0, 0}},
                   {"owner_field", {"vault/models.py", 10, 0, 0}},
                   {"encryption", {"vault/crypto.py", 12, 0, 0}},
                   {"key", {"vault/crypto.py", 4, 0, 0}},
                   {"migration", {"vault/migrations/0003_label.py", 8, 0, 0}},
                   {"test", {"vault/tests.py", 31, 0, 0}},
                   {"register_view", {"accounts/views.py", 5, 0, 0}}};
  result.views = {view("shelf", "list", 20, "scoped"), view("peek", "detail", 40, "missing"),
                  view("drop", "delete", 60, "scoped"), view("put", "create", 80, "scoped"),
                  view("seek", "search", 100, "scoped")};
  result.findings = {finding("ownership.lookup_without_owner", grading::Outcome::violated,
                             "vault/views.py", 43, "    one = Secret.objects.get(pk=pk)"),
                     finding("views.n_plus_one", grading::Outcome::met),
                     finding("tests.none", grading::Outcome::met),
                     finding("tests.ownership_untested", grading::Outcome::violated)};
  result.commits = {{"ffff000011112222", "Search by label", 10},
                    {"eeee000011112222", "Encrypt with Fernet", 90},
                    {"dddd000011112222", "Start", 30}};
  result.quote = [](const grader::Location& at) {
    return "line " + std::to_string(at.line) + " of " + at.path;
  };
  return result;
}

std::vector<dossier::Asked> all(const dossier::Dossier& made) {
  std::vector<dossier::Asked> result;
  for (const auto& part : made.parts) {
    result.insert(result.end(), part.questions.begin(), part.questions.end());
  }
  return result;
}

const dossier::Part& part(const dossier::Dossier& made, std::string_view id) {
  return *std::ranges::find(made.parts, id, &dossier::Part::id);
}

bool asks(const dossier::Dossier& made, std::string_view id) {
  const auto questions = all(made);
  return std::ranges::find(questions, id, &dossier::Asked::id) != questions.end();
}

bool holds_placeholder(const std::string& text) {
  for (const char* word : {"{at}", "{view}", "{model}", "{line}", "{owner}", "{commit}"}) {
    if (text.find(word) != std::string::npos) return true;
  }
  return false;
}

}  // namespace

TEST_CASE("an interview has five to eight review questions, two tasks and five of theory") {
  const auto made = dossier::build(bank(), vault());
  CHECK(part(made, "review").questions.size() >= 5);
  CHECK(part(made, "review").questions.size() <= 8);
  CHECK(part(made, "live").questions.size() == 2);
  CHECK(part(made, "theory").questions.size() == 5);
  CHECK(part(made, "soft").questions.size() >= 2);
  CHECK(made.minutes == 90);
  CHECK(made.sheet.size() >= 6);
  CHECK(made.bank_digest.size() == 64);
}

TEST_CASE("every question names a line or a commit of this candidate and no placeholder is left") {
  for (const auto& one : all(dossier::build(bank(), vault()))) {
    CAPTURE(one.id);
    CHECK((one.at.line > 0 || !one.commit.empty()));
    if (one.at.line > 0) CHECK_FALSE(one.quote.empty());
    for (const auto* text : {&one.ask, &one.junior, &one.middle, &one.follow_up}) {
      CHECK_FALSE(holds_placeholder(text->en));
      CHECK_FALSE(holds_placeholder(text->ru));
    }
  }
}

TEST_CASE("names of the candidate stand in the questions") {
  const auto made = dossier::build(bank(), vault());
  REQUIRE(asks(made, "foreign_entry"));
  const auto questions = all(made);
  const auto one = *std::ranges::find(questions, "foreign_entry", &dossier::Asked::id);
  CHECK(one.at.line == 43);
  CHECK(one.ask.en.find("peek (vault/views.py:43)") != std::string::npos);
  CHECK(one.ask.ru.find("peek (vault/views.py:43)") != std::string::npos);
  CHECK(one.junior.en.find("keeper=request.user") != std::string::npos);
  const auto& live = part(made, "live").questions;
  CHECK(std::ranges::any_of(live, [](const auto& task) {
    return task.topic == "share" &&
           task.ask.en.find("peek (vault/views.py:40)") != std::string::npos;
  }));
}

TEST_CASE("a fault that is gone is not asked about") {
  auto material = vault();
  material.findings.front().outcome = grading::Outcome::met;
  material.views[1].owner = "scoped";
  const auto made = dossier::build(bank(), material);
  CHECK_FALSE(asks(made, "foreign_entry"));
  CHECK_FALSE(asks(made, "share_unprotected"));
  CHECK_FALSE(asks(made, "best_and_worst"));
}

TEST_CASE("strong submissions get harder questions and not fewer") {
  const auto sum = [](const dossier::Dossier& made) {
    int result = 0;
    for (const auto& one : all(made)) result += one.level;
    return result;
  };
  auto material = vault();
  for (auto& one : material.findings) one.outcome = grading::Outcome::met;
  for (auto& one : material.views) one.owner = "scoped";
  material.strength = 1;
  const auto weak = dossier::build(bank(), material);
  material.strength = 3;
  material.facts["strength"] = "strong";
  const auto strong = dossier::build(bank(), material);
  CHECK(sum(strong) > sum(weak) + 5);
  CHECK(all(strong).size() >= all(weak).size());
  CHECK(weak.minutes == 60);
}

TEST_CASE("the same material gives the same dossier, another commit other questions") {
  const auto ids = [](const dossier::Dossier& made) {
    std::vector<std::string> result;
    for (const auto& one : all(made)) result.push_back(one.id);
    return result;
  };
  CHECK(ids(dossier::build(bank(), vault())) == ids(dossier::build(bank(), vault())));
  std::set<std::vector<std::string>> different;
  for (const char* salt : {"a", "b", "c", "d", "e", "f", "g", "h"}) {
    auto material = vault();
    material.salt = salt;
    different.insert(ids(dossier::build(bank(), material)));
  }
  CHECK(different.size() > 1);
}

TEST_CASE("text of a submission is no template") {
  auto material = vault();
  material.words["model"] = "{secret_field}{at}";
  const auto made = dossier::build(bank(), material);
  CHECK(std::ranges::any_of(all(made), [](const auto& one) {
    return one.ask.en.find("{secret_field}{at}") != std::string::npos;
  }));
}

TEST_CASE("an empty repository gives an empty sheet and no failure") {
  const auto made = dossier::build(bank(), Material());
  CHECK(all(made).empty());
  CHECK_FALSE(made.empty());
  auto material = Material();
  material.findings = {finding("models.no_entry_model", grading::Outcome::violated)};
  material.commits = {{"aaaabbbbccccdddd", "", 0}};
  CHECK(asks(dossier::build(bank(), material), "nothing_to_read"));
}
