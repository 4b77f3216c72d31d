#include "grader/project/past_secrets.hpp"

#include <doctest/doctest.h>

#include "tests/project/memory.hpp"

using namespace grader::project;

namespace {

using Contents = std::vector<std::pair<std::string, std::string>>;

/// "what@path:line" of everything found in past contents, with what still holds it.
std::string found(const Project& project, const Contents& past) {
  PastSecrets secrets(project);
  for (const auto& [path, text] : past) {
    if (secrets.wanted(path, text.size(), "c1")) secrets.read(path, text, "c1");
  }
  std::string all;
  for (const auto& secret : secrets.take()) {
    all += secret.what + "@" + grader::to_string(secret.at);
    if (!secret.still_at.path.empty()) all += "=" + grader::to_string(secret.still_at);
    all += " ";
  }
  return all;
}

std::string found(const Contents& past) { return found(model(files_of({})), past); }

const std::string key = "8#kd0!vq2z" + std::string("7m@x1p$w9t(4f-3c");

}  // namespace

TEST_CASE("literals under telling names in past Python") {
  CHECK(found({{"s/settings.py", "SECRET_KEY = '" + key + "'\n"}}) ==
        "django secret key@s/settings.py:1 ");
  CHECK(found({{"s/settings.py", "x = 1\nSECRET_KEY = os.getenv('SECRET_KEY', '" + key +
                                     "')\n"}}) == "django secret key@s/settings.py:2 ");
  CHECK(found({{"s/settings.py", "S = config(\"SECRET_KEY\", default='" + key + "')\n"}}) ==
        "django secret key@s/settings.py:1 ");
  CHECK(found({{"s/settings.py", "D = {'PASSWORD': 'hunter-22'}\n"}}) ==
        "password@s/settings.py:1 ");
  CHECK(found({{"a/db.py", "URL = 'postgres://ann:s3cret-7@db/x'\n"}}) == "db password@a/db.py:1 ");
}

TEST_CASE("what is no secret of the past") {
  CHECK(found({{"s/settings.py",
                "SECRET_KEY = os.environ['SECRET_KEY']\n"
                "# SECRET_KEY = '" +
                    key +
                    "'\n"
                    "SECRET_KEY = f'{a}-abcdefghijkl-0123456789'\n"}})
            .empty());
  CHECK(found({{"a/tests.py", "SECRET_KEY = '" + key + "'\n"}}).empty());
  CHECK(found({{"env/lib/python3/site-packages/x.py", "SECRET_KEY = '" + key + "'\n"}}).empty());
  CHECK(found({{"a/views.py", "password = 'hunter-22'\nif password == 'hunter-23': pass\n"}})
            .empty());
  CHECK(found({{"picture.png", "SECRET_KEY = '" + key + "'\n"}}).empty());
}

TEST_CASE("every variable of a past environment file, once") {
  const std::string text = "SECRET_KEY='" + key + "'\nEMAIL_HOST_PASSWORD=abcd1234\nDEBUG=1\n";
  CHECK(found({{".env", text}, {"old/.env", text}}) ==
        "django secret key@.env:1 email password@.env:2 ");
  CHECK(found({{".env.example", "SECRET_KEY=\n"}}).empty());
}

TEST_CASE("databases are named without being read") {
  CHECK(found({{"db.sqlite3", std::string(100, 'x')}, {"db.sqlite3", std::string(200, 'x')}}) ==
        "database@db.sqlite3 ");
  CHECK(found(model(files_of({{"db.sqlite3", "x"}})), {{"db.sqlite3", "y"}}).empty());
}

TEST_CASE("values that the graded tree still holds, and those that it reports itself") {
  const Project elsewhere = model(files_of({{"notes.txt", "use\n" + key + "\n"}}));
  CHECK(found(elsewhere, {{"s/settings.py", "SECRET_KEY = '" + key + "'\n"}}) ==
        "django secret key@s/settings.py:1=notes.txt:2 ");
  const Project same =
      model(files_of({{"manage.py", manage_py("s.settings")},
                      {"s/settings.py", "DEBUG = 1\nSECRET_KEY = '" + key + "'\n"}}));
  CHECK(found(same, {{"s/settings.py", "SECRET_KEY = '" + key + "'\n"}}).empty());
}

TEST_CASE("limits") {
  const Project project = model(files_of({}));
  PastSecrets secrets(project);
  CHECK_FALSE(secrets.wanted("a.py", 300U << 10U, "c1"));
  CHECK(secrets.cut());
  std::string many;
  for (int i = 0; i < 300; ++i) {
    many += "DB_PASSWORD = 'hunter-" + std::to_string(i) + "'\n";
  }
  PastSecrets full(project);
  full.read("a.py", many, "c1");
  CHECK(full.take().size() == 100);
  PastSecrets hostile(project);
  hostile.read("a.py", std::string(200'000, '\'') + "\n" + std::string(1'999, '"'), "c1");
  hostile.read("b.py", "\xff\xfe\n='=:\"'", "c1");
  hostile.read(".env", std::string(100'000, '='), "c1");
  CHECK(hostile.take().empty());
}
