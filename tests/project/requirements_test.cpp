#include "grader/project/requirements.hpp"

#include <doctest/doctest.h>

#include "tests/project/memory.hpp"

using namespace grader::project;

namespace {

std::string names(const std::vector<Requirement>& requirements) {
  std::string all;
  for (const auto& one : requirements) {
    all += one.name + one.specifier + (one.pinned ? "!" : "") + " ";
  }
  return all;
}

std::string line(std::string_view text) {
  const auto one = requirement_of(text);
  if (!one) return "-";
  return one->name + "|" + one->specifier + "|" + one->option + (one->pinned ? "!" : "");
}

}  // namespace

TEST_CASE("lines of pip's format") {
  CHECK(line("Django==4.2.1") == "django|==4.2.1|!");
  CHECK(line("  Django_Cors.Headers >= 3, <4  # why") == "django-cors-headers|>=3,<4|");
  CHECK(line("uvicorn[standard]==0.30 ; python_version > '3.8'") == "uvicorn|==0.30|!");
  CHECK(line("django==5.*") == "django|==5.*|");
  CHECK(line("django (==5.1)") == "django|==5.1|!");
  CHECK(line("# nothing") == "-");
  CHECK(line("   ") == "-");
  CHECK(line("<<<<<<< HEAD") == "-");
  CHECK(line("-e .") == "||-e .");
  CHECK(line("--index-url https://packages.example.org/simple") ==
        "||--index-url https://packages.example.org/simple");
  CHECK(line("git+https://git.example.org/a/b.git@v1#egg=My_Name") ==
        "my-name||git+https://git.example.org/a/b.git@v1#egg=My_Name!");
  CHECK(line("https://files.example.org/a-1.0.tar.gz") ==
        "||https://files.example.org/a-1.0.tar.gz!");
}

TEST_CASE("includes are followed inside the tree, options are noted and not obeyed") {
  const auto project = model(files_of({
      {"requirements.txt",
       "-r requirements/base.txt\n--requirement=../../etc/passwd\n-r loop.txt\n"
       "gunicorn\n"},
      {"requirements/base.txt", "Django==5.1 \\\n  --hash=sha256:00\n-r ../loop.txt\n"},
      {"loop.txt", "-r requirements.txt\nsix==1.16.0\n"},
      {"requirements-dev.txt", "pytest\n"},
  }));
  const auto& found = project.dependencies;
  CHECK(found.file == "requirements.txt");
  CHECK(names(found.requirements) == "django==5.1! six==1.16.0!  gunicorn ");
  CHECK(found.requirements[2].option == "--requirement=../../etc/passwd");
  CHECK(found.requirements[1].at.path == "loop.txt");
  CHECK(found.requirements[1].at.line == 2);
  CHECK(names(found.others) == "pytest ");
  CHECK(found.pinned == "some");
}

TEST_CASE("UTF-16 as PowerShell writes it") {
  std::string bytes = "\xFF\xFE";
  for (const char c : std::string("Django==4.2\r\nsix\r\n")) bytes += std::string{c, '\0'};
  const auto project = model(files_of({{"requirements.txt", bytes}}));
  CHECK(names(project.dependencies.requirements) == "django==4.2! six ");
}

TEST_CASE("Pipfile, poetry, PEP 621, setup.py and conda") {
  const auto of = [](const char* path, const char* text) {
    const auto project = model(files_of({{path, text}}));
    return names(project.dependencies.requirements) + "/ " + names(project.dependencies.others) +
           "/ " + project.dependencies.python;
  };
  CHECK(of("Pipfile",
           "[packages]\ndjango = \"==5.1\"\nsix = {version = \"*\"}\n[dev-packages]\n"
           "black = \"*\"\n[requires]\npython_version = \"3.11\"\n") ==
        "django==5.1! six / black / 3.11");
  CHECK(of("pyproject.toml",
           "[tool.poetry.dependencies]\npython = \"^3.11\"\ndjango = \"5.1.2\"\nsix = \"^1.0\"\n"
           "pillow = {extras = [\"x\"], version = \"11.0\"}\n"
           "[tool.poetry.group.dev.dependencies]\npytest = \"*\"\n") ==
        "django==5.1.2! six^1.0 pillow==11.0! / pytest / ^3.11");
  CHECK(of("pyproject.toml",
           "[project]\nrequires-python = \">=3.11\"\ndependencies = [\n  \"django>=5\",\n"
           "  \"six==1.16\",\n]\n[project.optional-dependencies]\ntest = [\"pytest\"]\n") ==
        "django>=5 six==1.16! / pytest / >=3.11");
  CHECK(of("setup.py",
           "from setuptools import setup\nneeds = ['django==5.1']\n"
           "setup(name='a', install_requires=needs + ['six'],\n"
           "      extras_require={'t': ['pytest']}, python_requires='>=3.9')\n") ==
        "django==5.1! six / pytest / >=3.9");
  CHECK(of("environment.yml",
           "dependencies:\n  - python=3.11\n  - numpy=1.26.4=py311\n"
           "  - pip:\n      - django==5.1\n") == "numpy==1.26.4! django==5.1! / / ==3.11");
}

TEST_CASE("a lock file pins, and names what others need") {
  const auto project = model(
      files_of({{"pyproject.toml", "[tool.poetry.dependencies]\ndjango = \"^5\"\n"},
                {"poetry.lock",
                 "[[package]]\nname = \"django\"\nversion = \"5.1\"\n\n[[package]]\n"
                 "name = \"cryptography\"\nversion = \"42\"\n"},
                {"vault/crypto.py", "from cryptography.fernet import Fernet\nimport django\n"}}));
  CHECK(project.dependencies.pinned == "all");
  CHECK(project.dependencies.missing.empty());
}

TEST_CASE("what is missing: imports, apps and database drivers that no line brings") {
  const auto project = model(
      files_of({{"manage.py", manage_py("site.settings")},
                {"requirements.txt", "Django==5.1\npsycopg2==2.9\n"},
                {"site/settings.py",
                 "INSTALLED_APPS = ['crispy_forms', 'vault']\n"
                 "DATABASES = {'default': {'ENGINE': 'django.db.backends.mysql'}}\n"},
                {"vault/views.py", "import os\nimport psycopg2\nimport unheard_of\nimport six\n"},
                {"vault/tests.py", "import pytest\n@pytest.mark.django_db\ndef test(): pass\n"}}));
  CHECK(project.dependencies.missing ==
        std::vector<std::string>{"crispy_forms", "MySQLdb", "pytest", "pytest_django", "six"});
  CHECK(project.dependencies.missing_packages[0].distribution == "django-crispy-forms");
  CHECK(project.dependencies.missing_packages[0].at.line == 1);
}

TEST_CASE("documents that are made to hurt are refused or bounded") {
  const std::string deep(100'000, '[');
  CHECK_FALSE(toml_leaves("a = " + deep));
  CHECK_FALSE(json_leaves(deep));
  CHECK_FALSE(yaml_leaves("a: [b"));
  CHECK_FALSE(toml_leaves("a = = 1"));
  // Aliases of aliases: 10^9 scalars in 500 bytes.
  std::string bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 9; ++i) {
    const std::string before = "*a" + std::to_string(i - 1);
    bomb += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [" + before;
    for (int j = 1; j < 10; ++j) bomb += ", " + before;
    bomb += "]\n";
  }
  const auto leaves = yaml_leaves(bomb);
  REQUIRE(leaves);
  CHECK(leaves->size() <= 20'000);
  std::string nested;
  for (int i = 0; i < 5'000; ++i) nested += "[";
  CHECK(yaml_leaves("a: " + nested).value_or(std::vector<Leaf>()).empty());
  std::string many;
  for (int i = 0; i < 20'000; ++i) many += "package" + std::to_string(i) + "==1\n";
  const auto project = model(files_of({{"requirements.txt", many}}));
  CHECK(project.dependencies.requirements.size() == 5'000);
}
