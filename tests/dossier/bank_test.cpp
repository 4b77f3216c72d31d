#include "grader/dossier/bank.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <set>

#include "checks/check.hpp"
#include "grader/dossier/vocabulary.hpp"

namespace dossier = grader::dossier;
namespace grading = grader::grading;

namespace {

std::vector<std::string> check_ids() {
  std::vector<std::string> ids;
  for (const auto& entry : grader::checks::catalogue()) ids.emplace_back(entry.id);
  return ids;
}

const std::string plan =
    "id: plan\nversion: 1.0.0\nparts:\n"
    "  - {id: review, title: {en: R, ru: Р}, hint: {en: H, ru: П}, minutes: {short: 1, long: 2},\n"
    "     at_least: 1, at_most: 3, topics: [{id: key, count: 1}]}\n"
    "questions:\n";

std::string question(const std::string& more = {}, const std::string& ask = "Why {model} at {at}?",
                     const std::string& ask_ru = "Почему {model} в {at}?") {
  return "  - id: one\n    part: review\n    topic: key\n    level: 1\n    at: [entry_model]\n"
         "    ask: {en: \"" +
         ask + "\", ru: \"" + ask_ru +
         "\"}\n    junior: {en: a, ru: б}\n    middle: {en: a, ru: б}\n"
         "    follow_up: {en: a, ru: б}\n" +
         more;
}

dossier::BankReading read(const std::string& text) {
  return dossier::read_bank(
      {"bank.yaml"}, {"settings.debug_enabled"},
      [&](const std::string&) -> grader::Result<std::string> { return text; });
}

/// "line:column what | hint" of the first problem, or nothing.
std::string first_problem(const std::string& text) {
  const auto reading = read(text);
  if (reading.problems.empty()) return {};
  const auto& first = reading.problems.front();
  CHECK_FALSE(reading.bank.has_value());
  return std::to_string(first.line) + ":" + std::to_string(first.column) + " " + first.what +
         " | " + first.hint;
}

}  // namespace

TEST_CASE("the question bank that comes along has no mistakes and enough of everything") {
  const auto files = dossier::bank_files("rubrics/questions");
  REQUIRE(files.has_value());
  const auto reading = dossier::read_bank(*files, check_ids());
  for (const auto& problem : reading.problems) MESSAGE(grading::to_string(problem));
  REQUIRE(reading.bank.has_value());
  CHECK(reading.bank->questions.size() >= 80);
  CHECK(reading.bank->sheet.size() >= 6);
  std::map<std::string, std::set<int>> levels;
  for (const auto& one : reading.bank->questions) levels[one.part].insert(one.level);
  for (const char* part : {"review", "live", "theory"}) {
    CHECK_MESSAGE(levels[part].size() == 3, part << " has questions of every level");
  }
  int brief = 0;
  int full = 0;
  for (const auto& part : reading.bank->parts) {
    brief += part.minutes_short;
    full += part.minutes_long;
  }
  CHECK(brief == 60);
  CHECK(full == 90);
}

TEST_CASE("every place, fact and placeholder that exists is asked for by some question") {
  const auto bank = dossier::load_bank("rubrics/questions", check_ids());
  REQUIRE(bank.has_value());
  std::set<std::string> places;
  std::set<std::string> words;
  for (const auto& one : bank->questions) {
    places.insert(one.at.begin(), one.at.end());
    for (const auto* text : {&one.ask, &one.junior, &one.middle, &one.follow_up}) {
      for (const auto& word : dossier::placeholders(text->en)) words.insert(word);
    }
  }
  for (const auto& name : dossier::place_names()) CHECK_MESSAGE(places.contains(name), name);
  for (const auto& name : dossier::placeholder_names()) CHECK_MESSAGE(words.contains(name), name);
}

TEST_CASE("a question is read with all that it says") {
  const auto reading = read(plan + question("    when: {violated: [settings.debug_enabled], "
                                            "facts: {ui: [drf, both]}}\n"
                                            "    watch: [{en: w, ru: в}]\n"));
  for (const auto& problem : reading.problems) MESSAGE(grading::to_string(problem));
  REQUIRE(reading.bank.has_value());
  REQUIRE(reading.bank->questions.size() == 1);
  const auto& one = reading.bank->questions.front();
  CHECK(one.id == "one");
  CHECK(one.ask.ru == "Почему {model} в {at}?");
  CHECK(one.when.violated == std::vector<std::string>{"settings.debug_enabled"});
  CHECK(one.when.facts.at("ui") == std::vector<std::string>{"drf", "both"});
  CHECK(one.watch.size() == 1);
  CHECK(reading.bank->parts.front().minutes_long == 2);
}

TEST_CASE("mistakes are told with their place and the next step") {
  CHECK(first_problem(plan + question("", "Why {modle}?", "Почему {modle}?")) ==
        "12:15 there is no placeholder \"modle\" | did you mean \"model\"?");
  CHECK(first_problem(plan + question("", "Why {model}?", "Почему?")) ==
        "12:10 the two languages have different placeholders | ");
  CHECK(first_problem(plan + question("", "Why?", "")).find("a text says something") !=
        std::string::npos);
  CHECK(first_problem(plan + question("    when: {violated: [settings.debug_enable]}\n"))
            .find("did you mean \"settings.debug_enabled\"?") != std::string::npos);
  CHECK(first_problem(plan + question("    when: {facts: {ui: [dfr]}}\n"))
            .find("there is no value \"dfr\" | did you mean \"drf\"?") != std::string::npos);
  CHECK(first_problem(plan + question("    when: {facts: {uii: [drf]}}\n"))
            .find("there is no fact \"uii\"") != std::string::npos);
  CHECK(first_problem(plan + question() + question()).find("the id \"one\" is given twice") !=
        std::string::npos);
  CHECK(first_problem(plan + question("    lvl: 2\n")).find("did you mean \"level\"?") !=
        std::string::npos);
}

TEST_CASE("a missing translation, part or plan is a mistake") {
  std::string text = plan + question();
  const auto begin = text.find(", ru: \"Поч");
  text.erase(begin, text.find('}', text.find("?\"", begin)) - begin);
  CHECK(first_problem(text).find("\"ru\" is missing") != std::string::npos);
  text = plan + question();
  text.replace(text.find("part: review"), 12, "part: revue");
  CHECK(first_problem(text).find("there is no part \"revue\" | did you mean \"review\"?") !=
        std::string::npos);
  CHECK(first_problem("id: x\nversion: 1.0.0\nquestions:\n" + question())
            .find("no file of the question bank has \"parts\"") != std::string::npos);
}

TEST_CASE("a hostile bank is refused and not followed") {
  CHECK(first_problem("id: &a x\nversion: *a\n").find("anchors and aliases are not allowed") !=
        std::string::npos);
  CHECK(first_problem(std::string(200, '[') + std::string(200, ']')).find("50 levels") !=
        std::string::npos);
  CHECK(first_problem(plan + question("", std::string(2'100, 'x'), "я"))
            .find("at most 2,000 bytes") != std::string::npos);
  CHECK(first_problem(plan + question("    level: 1000000000000000000000\n")).find("given twice") !=
        std::string::npos);
  CHECK_FALSE(first_problem("\xff\xfe\x00\x01").empty());
  CHECK_FALSE(first_problem("").empty());
  CHECK_FALSE(dossier::read_bank({}, {}).problems.empty());
  CHECK_FALSE(dossier::read_bank(std::vector<std::string>(33, "x"), {}).problems.empty());
  const auto hostile = dossier::read_bank({"tests/dossier/hostile.yaml"}, check_ids());
  CHECK_FALSE(hostile.bank.has_value());
  CHECK(hostile.problems.size() >= 8);
  CHECK(std::ranges::all_of(hostile.problems, [](const auto& one) { return one.line > 0; }));
}

TEST_CASE("braces that hold no word are text") {
  CHECK(dossier::placeholders("{} {a b} {A} {%x%} {at} {line} {at} {").size() == 2);
}
