#include "checks/history_facts.hpp"

#include <doctest/doctest.h>

#include "tests/checks/fixture.hpp"

using namespace grader;
using namespace grader::checks;

namespace {

int people(std::initializer_list<submission::Person> persons) {
  submission::History history;
  for (const auto& person : persons) {
    history.commits.emplace_back();
    history.commits.back().author = person;
  }
  return history_facts(history).authors;
}

}  // namespace

TEST_CASE("messages that tell, that name a thing, and that say nothing") {
  for (const auto text :
       {"Encrypt entries with Fernet", "fix: restore the owner filter",
        "Добавить поиск по названию", "Add login page", "Created the signup page",
        "Ajout du formulaire de connexion", "jwt login", "Update settings\n\nNginx ends TLS."}) {
    CHECK_MESSAGE(read_message(text).kind == MessageKind::telling, text);
  }
  for (const auto text : {"Update README.md", "requirements.txt", "update readme", "LICENSE",
                          "Add files via upload", "Delete venv directory", "update settings",
                          "fix django error", "git rm --cached db.sqlite3", "Migrate",
                          "Update settings\n\nSigned-off-by: Ann <ann@a.org>"}) {
    CHECK_MESSAGE(read_message(text).kind == MessageKind::naming, text);
  }
  for (const auto text :
       {"", "update", "some changes", "Initial commit", "last commit", "правки", "fix bug", "wip",
        "modified:   a.py\n\tmodified: b.py", ".", "AAAAAAARG", "sdfsd", "mise à jour", "2"}) {
    CHECK_MESSAGE(read_message(text).kind == MessageKind::empty, text);
  }
}

TEST_CASE("one person under several names and addresses") {
  CHECK(people({{"Ann Lee", "ann@a.org"}, {"ann lee", "ann@b.org"}}) == 1);
  CHECK(people({{"Ann Lee", "ann@a.org"}, {"al", "Ann@A.org"}}) == 1);
  CHECK(people({{"annlee", "x@a.org"}, {"Ann", "12+annlee@users.noreply.github.com"}}) == 1);
  CHECK(people({{"Nick", "n1@a.org"}, {"Nick Miller", "7+nm@users.noreply.github.com"}}) == 1);
  CHECK(people({{"Judy", "judy.com"}, {"judyhill37", "1+judyhill37@users.noreply.github.com"}}) ==
        1);
  CHECK(people({{"Ann Lee", "ann@a.org"}, {"Bob Ray", "bob@a.org"}}) == 2);
  // A first name that two people have joins neither.
  CHECK(people({{"Anna Lee", "l@a.org"}, {"Anna Ray", "r@a.org"}, {"Anna", "a@a.org"}}) == 3);
  CHECK(people({{"root", "root@one"}, {"root", "root@two"}}) == 2);
  CHECK(people({{"Ann Lee", "ann@a.org"}, {"dependabot[bot]", "1+dependabot[bot]@users.x"}}) == 1);
  CHECK(people({}) == 0);
}

TEST_CASE("days are those of the authors' calendars") {
  const auto facts = history_facts(
      history_of("commit 2024-03-01 23:50 +0000 Ann Lee <ann@a.org>\nAdd models\n+ a.py 10\n\n"
                 "commit 2024-03-02 00:10 +0000 Ann Lee <ann@a.org>\nAdd views\n+ b.py 10\n"));
  CHECK(facts.span_days == 1);
  const auto west = history_facts(
      history_of("commit 2024-03-01 20:00 -0800 Ann Lee <ann@a.org>\nAdd models\n+ a.py 10\n\n"
                 "commit 2024-03-01 23:00 -0800 Ann Lee <ann@a.org>\nAdd views\n+ b.py 10\n"));
  CHECK(west.span_days == 0);
  CHECK(west.commits == 2);
  CHECK(west.author_emails == 1);
}

TEST_CASE("what is copied is no work of one commit") {
  const auto facts = history_facts(
      history_of("commit 2024-03-01 10:00 +0000 Ann Lee <ann@a.org>\nAdd libraries\n"
                 "+ static/vendor/big.js 90000\n+ data.json 5000\n+ a.py 10\n\n"
                 "commit 2024-03-01 11:00 +0000 Ann Lee <ann@a.org>\nAdd views\n+ b.py 30\n"));
  CHECK(facts.largest_percent == 75);
}
