#include "grader/report/language.hpp"

#include <doctest/doctest.h>

#include "grader/report/assets.hpp"
#include "grader/report/phrases.hpp"

namespace report = grader::report;

TEST_CASE("the Russian catalogue has no mistakes") {
  for (const auto& problem : report::catalogue_problems(report::asset("ru.txt")))
    FAIL_CHECK(problem);
}

TEST_CASE("a catalogue's mistakes are told") {
  CHECK(report::catalogue_problems("a\nb\n\nc\nd\n").empty());
  CHECK(report::catalogue_problems("a\nb\n\na\nc\n").size() == 1);
  CHECK(report::catalogue_problems("a\n\nb\nc\n").size() == 1);
  CHECK(report::catalogue_problems("a {}\n{} {}\n").size() == 1);
  CHECK(report::catalogue_problems("a {}\n{2:x|y|z}\n").size() == 1);
}

TEST_CASE("texts are found whole, by a pattern, by sentences and behind a place") {
  const report::Phrases phrases(
      "A thing.\nВещь.\n\n{} holds {} things.\nВ {} {2} {2:вещь|вещи|вещей}.\n\n"
      "because: {*}\nпричина: {*}\n\nMore {} of {}.\nЕщё {2} от {1}.\n");
  CHECK(phrases.find("A thing.") == "Вещь.");
  CHECK(phrases.find("box holds 1 things.") == "В box 1 вещь.");
  CHECK(phrases.find("box holds 3 things.") == "В box 3 вещи.");
  CHECK(phrases.find("box holds 11 things.") == "В box 11 вещей.");
  CHECK(phrases.find("because: A thing.") == "причина: Вещь.");
  CHECK(phrases.find("because: something") == "причина: something");
  CHECK(phrases.find("A thing. box holds 2 things.") == "Вещь. В box 2 вещи.");
  CHECK(phrases.find("vault/views.py:12: A thing.") == "vault/views.py:12: Вещь.");
  CHECK(phrases.find("A thing. See https://docs.example/") == "Вещь. См. https://docs.example/");
  CHECK(phrases.find("More a of b.") == "Ещё b от a.");
  const report::Phrases numbers("{#} of {#}\n{#} из {#}\n");
  CHECK(numbers.find("3 of 4.5") == "3 из 4,5");
  CHECK_FALSE(numbers.find("Passwords of accounts").has_value());
  CHECK_FALSE(phrases.find("Nothing known.").has_value());
  CHECK_FALSE(phrases.find(" holds  things.").has_value());
  CHECK_FALSE(phrases.find(std::string(5'000, 'a')).has_value());
  CHECK_FALSE(
      phrases.find("because: because: because: because: because: because: x y").has_value() ==
      false);
}

TEST_CASE("numbers and dates take the form of the language") {
  CHECK(report::said("The submission earned 57.9 % of the points; Junior is 50 to 65 %.", "ru") ==
        "Работа набрала 57,9 % баллов; Junior — это 50–65 %.");
  CHECK(
      report::said("7 commits from 2026-11-13 to 2026-11-19: 481 lines added, 8 removed.", "ru") ==
      "7 коммитов с 13.11.2026 по 19.11.2026: добавлено 481, удалено 8 строк.");
  CHECK(report::said("Python 3.11 is taken in place of 2.7, which Django 5.1 does not run on",
                     "ru") == "взят Python 3.11 вместо 2.7, на котором Django 5.1 не работает");
  CHECK(report::said("Findings", "en") == "Findings");
  CHECK(report::plural_form("1") == 0);
  CHECK(report::plural_form("22") == 1);
  CHECK(report::plural_form("12") == 2);
  CHECK(report::plural_form("111") == 2);
  CHECK(report::plural_form("101") == 0);
  CHECK(report::plural_form("x") == 1);
}
