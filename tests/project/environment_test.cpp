// Where the values of expressions come from.
#include <doctest/doctest.h>

#include "tests/project/memory.hpp"

using namespace grader::project;

namespace {

/// Origin and value of the assignment to X in a module with these lines.
struct Shown {
  std::string text;
  std::string variable;
};

std::string shown(const grader::python::Value& value) {
  using Type = grader::python::Value::Type;
  switch (value.type) {
    case Type::unknown:
      return "?";
    case Type::none:
      return "None";
    case Type::boolean:
      return value.number != 0 ? "True" : "False";
    case Type::integer:
      return std::to_string(value.number);
    case Type::list: {
      std::string all = "[";
      for (const auto& item : value.items) all += shown(item) + ",";
      return all + "]";
    }
    case Type::dict:
      return "{}";
    default:
      return "'" + value.text + "'";
  }
}

constexpr const char* origins[] = {"constant", "env",       "env+default",
                                   "file",     "generated", "computed"};

std::string origin_of(const std::string& lines) {
  const auto project = model(files_of({{"manage.py", manage_py("site.settings")},
                                       {"site/__init__.py", ""},
                                       {"site/settings.py", lines + "\n"}}));
  const Setting* setting = project.settings.at(0).find("X");
  if (setting == nullptr) return "absent";
  std::string text = origins[static_cast<int>(setting->origin)];
  if (setting->origin == Origin::constant || setting->origin == Origin::environment_with_default) {
    text += " " + shown(setting->value);
  }
  return setting->variable.empty() ? text : text + " $" + setting->variable;
}

const std::string os = "import os\n";
const std::string config = "from decouple import config, Csv\n";
const std::string env = "import environ\nenv = environ.Env(DEBUG=(bool, False))\n";

}  // namespace

TEST_CASE("os.environ and os.getenv in every form") {
  CHECK(origin_of(os + "X = os.environ['K']") == "env $K");
  CHECK(origin_of(os + "X = os.environ.get('K')") == "env $K");
  CHECK(origin_of(os + "X = os.getenv('K', 'v')") == "env+default 'v' $K");
  CHECK(origin_of(os + "X = os.getenv('K', default='v')") == "env+default 'v' $K");
  CHECK(origin_of(os + "X = os.getenv('K', '')") == "env $K");
  CHECK(origin_of("from os import environ as e\nX = e.get('K', 'v')") == "env+default 'v' $K");
  CHECK(origin_of("from os import getenv\nX = getenv('K')") == "env $K");
  CHECK(origin_of(os + "e = os.environ\nX = e['K']") == "env $K");
  CHECK(origin_of(os + "X = os.environ.get('K') or 'v'") == "env+default 'v' $K");
  CHECK(origin_of(os + "NAME = 'K'\nX = os.environ[NAME]") == "env $K");
  CHECK(origin_of("import os as system\nX = system.environ['K']") == "env $K");
}

TEST_CASE("what is wrapped around a look-up") {
  CHECK(origin_of(os + "X = os.environ['K'].encode()") == "env $K");
  CHECK(origin_of(os + "X = bytes(os.environ['K'], 'utf-8')") == "env $K");
  CHECK(origin_of(os + "X = f\"{os.environ['K']}\"") == "env $K");
  CHECK(origin_of(os + "X = int(os.environ.get('K', default=1))") == "env+default 1 $K");
  CHECK(origin_of(os + "X = bool(int(os.environ.get('K', '0')))") == "env+default False $K");
  CHECK(origin_of(os + "X = os.environ.get('K') == 'True'") == "env+default False $K");
  CHECK(origin_of(os + "X = os.environ.get('K', 'True') == 'True'") == "env+default True $K");
  CHECK(origin_of(os + "X = os.getenv('K', 'on').lower() in ('1', 'on')") == "env+default True $K");
  CHECK(origin_of(os + "X = os.getenv('K', 'a, b').split(',')") == "env+default ['a','b',] $K");
  CHECK(origin_of(os + "X = [h.strip() for h in os.environ['K'].split(',')]") == "env $K");
  CHECK(origin_of(os + "X = 'K' in os.environ") == "env+default False $K");
  CHECK(origin_of(os + "X = not os.environ.get('K')") == "env+default True $K");
  CHECK(origin_of(os + "X = 'a' if os.environ.get('K') else 'b'") == "env+default 'b' $K");
}

TEST_CASE("bool() of a text is true, also of 'False'") {
  CHECK(origin_of(os + "X = bool(os.environ.get('K', 'False'))") == "env+default True $K");
  CHECK(origin_of(config + "X = config('K', default='False', cast=bool)") ==
        "env+default False $K");
}

TEST_CASE("libraries for settings") {
  CHECK(origin_of(config + "X = config('K')") == "env $K");
  CHECK(origin_of(config + "X = config('K', default=True, cast=bool)") == "env+default True $K");
  CHECK(origin_of(config + "X = config('K', default='a,b', cast=Csv())") ==
        "env+default ['a','b',] $K");
  CHECK(origin_of(env + "X = env('K')") == "env $K");
  CHECK(origin_of(env + "X = env('DEBUG')") == "env+default False $DEBUG");
  CHECK(origin_of(env + "X = env.bool('K', True)") == "env+default True $K");
  CHECK(origin_of(env + "X = env.list('K', default=['*'])") == "env+default ['*',] $K");
  CHECK(origin_of("from environs import Env\nenv = Env()\nX = env.int('K', 3)") ==
        "env+default 3 $K");
  CHECK(origin_of("from dotenv import dotenv_values\nc = dotenv_values('.env')\nX = c['K']") ==
        "env $K");
  CHECK(origin_of("import dj_database_url\nX = dj_database_url.config()") == "env $DATABASE_URL");
  CHECK(origin_of("from pydantic_settings import BaseSettings\nclass S(BaseSettings):\n"
                  "    secret_key: str\n    debug: bool = False\ns = S()\nX = s.secret_key") ==
        "env $SECRET_KEY");
}

TEST_CASE("helpers of the submission are looked into, one level") {
  const std::string helper =
      os +
      "def need(name, default=None):\n    try:\n        return os.environ[name]\n"
      "    except KeyError:\n        if default is None:\n            raise\n"
      "        return default\n";
  CHECK(origin_of(helper + "X = need('K')") == "env $K");
  CHECK(origin_of(helper + "X = need('K', 'v')") == "env+default 'v' $K");
  CHECK(origin_of(os + "def get(n):\n    v = os.environ.get(n)\n    if not v:\n"
                       "        raise ValueError(n)\n    return v\nX = get('K')") == "env $K");
  CHECK(origin_of("def endless(n):\n    return endless(n)\nX = endless('K')") == "computed");
}

TEST_CASE("files and values made anew") {
  CHECK(origin_of("X = open('key.txt').read().strip()") == "file");
  CHECK(origin_of("with open('k') as f:\n    X = f.read().strip()") == "file");
  CHECK(origin_of("import json\nwith open('k.json') as f:\n    s = json.load(f)\nX = s['K']") ==
        "file");
  CHECK(origin_of("from pathlib import Path\nX = Path('k').read_text()") == "file");
  CHECK(origin_of("from django.core.management.utils import get_random_secret_key\n"
                  "X = get_random_secret_key()") == "generated");
  CHECK(origin_of("import secrets\nX = secrets.token_hex(32)") == "generated");
  CHECK(origin_of(os + "import secrets\nX = os.getenv('K', secrets.token_hex(32))") == "env $K");
  CHECK(origin_of("from .hidden import KEY\nX = KEY") == "file");
}

TEST_CASE("constants through names, and what is not followed") {
  CHECK(origin_of("A = 'a'\nX = A + 'b'") == "constant 'ab'");
  CHECK(origin_of("X = 'a' 'b'") == "constant 'ab'");
  CHECK(origin_of("import time\nX = time.time()") == "computed");
  CHECK(origin_of("X = X2\nX2 = X") == "computed");
}

TEST_CASE("names that stand for each other in many ways end") {
  std::string source = "a0 = 'x'\n";
  for (int i = 1; i < 60; ++i) {
    const std::string before = "a" + std::to_string(i - 1);
    source += "a" + std::to_string(i) + " = g() or " + before + " + " + before + "\n";
  }
  CHECK(origin_of("def g(): return X\n" + source + "X = a59") != "absent");
}

TEST_CASE("every read is listed with the setting it feeds and the shape it needs") {
  const auto project = model(files_of(
      {{"manage.py", manage_py("site.settings")},
       {"site/settings.py",
        "import os\nPORT = int(os.environ['PORT'])\nVAULT_KEY = os.environ['VAULT_KEY']\n"
        "DEBUG = os.getenv('DEBUG', '0') == '1'\nHOSTS = os.environ['HOSTS'].split(',')\n"
        "def need(name):\n    return os.environ[name]\nMAIL = need('MAIL')\n"},
       {"vault/crypto.py",
        "from django.conf import settings\nfrom cryptography.fernet import Fernet\n"
        "f = Fernet(settings.VAULT_KEY)\nimport os\ng = Fernet(os.environ['OTHER'].encode())\n"}}));
  std::map<std::string, const EnvironmentRead*> reads;
  for (const auto& read : project.environment) reads[read.variable] = &read;
  REQUIRE(reads.size() == 6);
  CHECK(reads["PORT"]->cast == "int");
  CHECK(reads["PORT"]->setting == "PORT");
  CHECK(reads["VAULT_KEY"]->cast == "fernet");
  CHECK(reads["OTHER"]->cast == "fernet");
  CHECK(reads["DEBUG"]->cast == "bool");
  CHECK(reads["DEBUG"]->has_default);
  CHECK(reads["HOSTS"]->cast == "list");
  CHECK(reads["MAIL"]->setting == "MAIL");
  CHECK(reads["MAIL"]->at.line == 8);
}
