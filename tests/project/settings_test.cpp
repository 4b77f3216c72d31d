// Settings modules: which counts, and what is in force after the last statement.
#include <doctest/doctest.h>

#include "tests/project/memory.hpp"

using namespace grader::project;

namespace {

Project with_settings(const std::string& lines) {
  return model(files_of({{"manage.py", manage_py("site.settings")}, {"site/settings.py", lines}}));
}

std::string words(const SettingsModule& module) {
  return secret_key_word(module) + " " + debug_word(module) + " " + allowed_hosts_word(module);
}

std::string words_of(const std::string& lines) {
  const auto project = with_settings(lines);
  return words(project.settings.at(0));
}

}  // namespace

TEST_CASE("the words of the profile") {
  CHECK(words_of("SECRET_KEY = 'k'\nDEBUG = True\nALLOWED_HOSTS = ['*']\n") ==
        "hardcoded true_constant wildcard");
  CHECK(words_of("import os\nSECRET_KEY = os.getenv('S', 'k')\nDEBUG = bool(os.getenv('D'))\n"
                 "ALLOWED_HOSTS = []\n") == "env_with_default env_default_false empty");
  CHECK(words_of("import os\nSECRET_KEY = os.environ['S']\nDEBUG = os.getenv('D', True)\n"
                 "ALLOWED_HOSTS = os.environ['H'].split(',')\n") == "env env_default_true env");
  CHECK(words_of("SECRET_KEY = open('k').read()\nALLOWED_HOSTS = ['a.example']\n") ==
        "file false_constant listed");
}

TEST_CASE("a wildcard beside a look-up is one, a default that the environment replaces is not") {
  const std::string os = "import os\nSECRET_KEY = 'k'\n";
  CHECK(words_of(os + "ALLOWED_HOSTS = ['*']\nALLOWED_HOSTS.append(os.environ['H'])\n") ==
        "hardcoded false_constant wildcard");
  CHECK(words_of(os + "ALLOWED_HOSTS = os.getenv('H', '*').split(',')\n") ==
        "hardcoded false_constant env");
}

TEST_CASE("the last assignment wins, and lists and dicts change") {
  const auto project = with_settings(
      "DEBUG = True\nDEBUG = False\nALLOWED_HOSTS = ['a']\nALLOWED_HOSTS += ['b']\n"
      "ALLOWED_HOSTS.extend(['c'])\nDATABASES = {'default': {'ENGINE': 'x'}}\n"
      "DATABASES['default']['PASSWORD'] = 'p'\nREST = {}\nREST.update({'K': 1})\n"
      "A, B = 1, 'two'\nC = D = 3\n");
  const auto& settings = project.settings.at(0);
  CHECK(settings.find("DEBUG")->value.is_false());
  CHECK(settings.find("DEBUG")->at.line == 2);
  CHECK(settings.find("ALLOWED_HOSTS")->value.items.size() == 3);
  const auto* database = settings.find("DATABASES")->value.find("default");
  REQUIRE(database != nullptr);
  CHECK(database->find("PASSWORD")->text == "p");
  CHECK(database->find("ENGINE")->text == "x");
  CHECK(settings.find("REST")->value.find("K")->number == 1);
  CHECK(settings.find("B")->value.text == "two");
  CHECK(settings.find("C")->value.number == 3);
}

TEST_CASE("branches: known conditions are decided, those of the environment fall to the default") {
  CHECK(words_of("DEBUG = True\nif DEBUG:\n    SECRET_KEY = 'k'\nelse:\n    import os\n"
                 "    SECRET_KEY = os.environ['S']\n") == "hardcoded true_constant empty");
  CHECK(words_of("import os\nDEBUG = os.getenv('D') == '1'\nif DEBUG:\n    SECRET_KEY = 'k'\n"
                 "else:\n    SECRET_KEY = os.environ['S']\n") == "env env_default_false empty");
  CHECK(words_of("import os\nDEBUG = True\nif os.getenv('PROD'):\n    DEBUG = False\n"
                 "SECRET_KEY = os.environ.get('S')\nif not SECRET_KEY:\n    SECRET_KEY = 'k'\n") ==
        "env_with_default env_default_true empty");
  CHECK(words_of("import os\nif 'S' in os.environ:\n    SECRET_KEY = os.environ['S']\nelse:\n"
                 "    SECRET_KEY = 'k'\n") == "env_with_default false_constant empty");
  CHECK(words_of("import os\ntry:\n    SECRET_KEY = os.environ['S']\nexcept KeyError:\n"
                 "    SECRET_KEY = 'k'\n") == "env_with_default false_constant empty");
  CHECK(words_of("import sys\nSECRET_KEY = 'k'\nDEBUG = False\nif 'test' in sys.argv:\n"
                 "    DEBUG = True\n") == "hardcoded false_constant empty");
}

TEST_CASE("split settings: the module of the server counts, development ones come after it") {
  const auto project = model(files_of({
      {"manage.py", manage_py("site.settings.local")},
      {"site/wsgi.py", manage_py("site.settings.production")},
      {"site/settings/__init__.py", ""},
      {"site/settings/base.py",
       "import environ\nenv = environ.Env()\nDEBUG = False\nINSTALLED_APPS = ['a']\n_HIDDEN = 1\n"},
      {"site/settings/local.py", "from .base import *\nDEBUG = True\nSECRET_KEY = 'k'\n"},
      {"site/settings/production.py",
       "from site.settings.base import *\nSECRET_KEY = env('S')\nINSTALLED_APPS += ['b']\n"
       "ALLOWED_HOSTS = env.list('H')\n"},
  }));
  REQUIRE(project.settings.size() == 3);
  const auto& counts = project.settings[0];
  CHECK(counts.name == "site.settings.production");
  CHECK(counts.role == SettingsModule::Role::production);
  CHECK(counts.main);
  CHECK(words(counts) == "env false_constant env");
  CHECK(counts.find("INSTALLED_APPS")->value.items.size() == 2);
  CHECK(counts.find("_HIDDEN") == nullptr);
  CHECK(project.settings[1].name == "site.settings.local");
  CHECK(project.settings[1].main);
  CHECK(words(project.settings[1]) == "hardcoded true_constant empty");
}

TEST_CASE("local settings under try, there or not") {
  const std::string lines =
      "DEBUG = False\nSECRET_KEY = 'k'\ntry:\n    from .local_settings import *\n"
      "except ImportError:\n    pass\n";
  CHECK(words_of(lines) == "hardcoded false_constant empty");
  const auto project = model(files_of({{"manage.py", manage_py("site.settings")},
                                       {"site/__init__.py", ""},
                                       {"site/settings.py", lines},
                                       {"site/local_settings.py", "DEBUG = True\n"}}));
  CHECK(words(project.settings.at(0)) == "hardcoded true_constant empty");
  CHECK(words_of("try:\n    from .local import SECRET_KEY\nexcept ImportError:\n"
                 "    SECRET_KEY = 'k'\n") == "env_with_default false_constant empty");
}

TEST_CASE("settings below another root, without manage.py, and modules that import each other") {
  const auto nested = model(files_of({{"backend/manage.py", manage_py("core.settings")},
                                      {"backend/core/settings.py", "SECRET_KEY = 'k'\n"}}));
  CHECK(nested.settings.at(0).path == "backend/core/settings.py");
  const auto bare = model(files_of({{"core/settings.py", "INSTALLED_APPS = []\n"}}));
  CHECK(bare.settings.size() == 1);
  CHECK_FALSE(bare.settings[0].main);
  const auto loop = model(files_of({{"manage.py", manage_py("a.settings")},
                                    {"a/settings.py", "from a.other import *\nDEBUG = True\n"},
                                    {"a/other.py", "from a.settings import *\nX = 1\n"}}));
  CHECK(loop.settings.at(0).find("X") != nullptr);
}

TEST_CASE("what may make a value wrong is said") {
  CHECK(with_settings("exec(open('x').read())\n").settings.at(0).gaps.size() == 1);
  CHECK(with_settings("from nowhere import *\n").settings.at(0).gaps.size() == 1);
  CHECK(with_settings("DEBUG = = True\n").settings.at(0).gaps.size() == 1);
  CHECK(with_settings("DEBUG = True\n").settings.at(0).gaps.empty());
}

TEST_CASE("thousands of branches and assignments end soon") {
  std::string source = "import os\n";
  for (int i = 0; i < 5'000; ++i) {
    source += "A" + std::to_string(i) + " = 1\nif os.getenv('K'):\n    B = 2\n";
  }
  CHECK(with_settings(source).settings.at(0).values.size() > 2'000);
}
