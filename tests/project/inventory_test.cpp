#include <doctest/doctest.h>

#include "grader/project/parts.hpp"
#include "tests/project/memory.hpp"

using namespace grader::project;

TEST_CASE("junk is named as it was committed") {
  const auto project = model(files_of({
      {"manage.py", manage_py("site.settings")},
      {"site/settings.py", "MEDIA_ROOT = 'uploads'\n"},
      {"a/__pycache__/x.pyc", ""},
      {"a/b/__pycache__/y.pyc", ""},
      {"a/old.pyc", ""},
      {"db.sqlite3", ""},
      {"front/.env.production", ""},
      {".env.example", ""},
      {"uploads/ann.png", ""},
      {"a/media/logo.png", ""},
      {"mine/Scripts/activate", ""},
      {"mine/Lib/site-packages/django/x.py", ""},
      {"half/Lib/site-packages/django/y.py", ""},
      {"env/readme.txt", ""},
      {"a/.DS_Store", ""},
      {"b/.DS_Store", ""},
  }));
  CHECK(project.inventory.junk == std::vector<std::string>{"*.pyc", ".DS_Store", "__pycache__",
                                                           "db.sqlite3", "front/.env.production",
                                                           "half", "mine", "uploads"});
}

TEST_CASE("which environment files are examples") {
  CHECK(is_environment_file(".env"));
  CHECK(is_environment_file(".env.local"));
  CHECK(is_environment_file("prod.env"));
  CHECK_FALSE(is_environment_file(".env.example"));
  CHECK_FALSE(is_environment_file("sample.env"));
  CHECK_FALSE(is_environment_file(".envrc"));
  CHECK_FALSE(is_environment_file("environment.py"));
}

TEST_CASE("containers, migrations and counts") {
  const std::string model_file = "from django.db import models\nclass A(models.Model): pass\n";
  const auto project = model(files_of({
      {"Dockerfile", "FROM scratch\n"},
      {"docker-compose.prod.yml", ""},
      {"vault/models.py", model_file},
      {"vault/migrations/__init__.py", ""},
      {"vault/migrations/0001_initial.py", "x = 1\n"},
      {"users/models/__init__.py", model_file},
      {"users/migrations/__init__.py", ""},
      {"empty/models.py", "x = 1\n"},
      {"old.py", "print 'a'\n"},
      {"new.py", "print('a')\nprint ('b')\n"},
      {"venv/pyvenv.cfg", ""},
      {"venv/lib/x.py", "y = 1\n"},
  }));
  CHECK(project.inventory.dockerfile);
  CHECK(project.inventory.compose);
  CHECK(project.inventory.migrations_committed);
  CHECK(project.inventory.apps_without_migrations == std::vector<std::string>{"users"});
  CHECK(project.inventory.python2_files == std::vector<std::string>{"old.py"});
  CHECK(project.inventory.python_files == 8);
}
