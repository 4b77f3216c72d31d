#include "grader/project/committed_secrets.hpp"

#include <doctest/doctest.h>

#include "tests/project/memory.hpp"

using namespace grader::project;

namespace {

/// "what@path:line" of everything that is found, in order.
std::string found(std::initializer_list<std::pair<const std::string, std::string>> files) {
  std::string all;
  for (const auto& secret : model(files_of(files)).committed_secrets) {
    all += secret.what + "@" + grader::to_string(secret.at) + " ";
  }
  return all;
}

std::string in_settings(const std::string& lines) {
  return found({{"manage.py", manage_py("s.settings")}, {"s/settings.py", lines}});
}

// Put together here, so that no scanner of ours takes this file for a leak.
const std::string fernet = "D3zOQOQJfUQCr3dzPNeKwd5M6r_NEUjJ3bn4id6cpNs" + std::string("=");

}  // namespace

TEST_CASE("what names say") {
  CHECK(secret_kind("EMAIL_HOST_PASSWORD") == "email password");
  CHECK(secret_kind("PASSWORD", "DATABASES_default") == "db password");
  CHECK(secret_kind("postgresPassword") == "db password");
  CHECK(secret_kind("FERNET_KEY") == "encryption key");
  CHECK(secret_kind("STRIPE_SECRET_KEY") == "api key");
  CHECK(secret_kind("GOOGLE_CLIENT_SECRET") == "oauth secret");
  CHECK(secret_kind("IPINFO_TOKEN") == "token");
  CHECK(secret_kind("PASSWORD_RESET_TIMEOUT").empty());
  CHECK(secret_kind("API_TOKEN_TYPE").empty());
  CHECK(secret_kind("keyboard").empty());
}

TEST_CASE("what stands for a secret without being one") {
  for (const auto text : {"", "your-password", "changeme", "<password>", "${DB_PASSWORD}", "xxxxxx",
                          "password", "********", "{{ token }}", "EXAMPLE"}) {
    CHECK_MESSAGE(is_placeholder(text), text);
  }
  CHECK_FALSE(is_placeholder("pass123"));
  CHECK(is_fernet_key(fernet));
  CHECK_FALSE(is_fernet_key(fernet + "="));
  CHECK(url_password("postgres://ann:s3cret@db:5432/x") == "s3cret");
  CHECK(url_password("postgres://ann:password@db/x").empty());
  CHECK(url_password("postgres://ann:$PASSWORD@db/x").empty());
  CHECK(url_password("https://example.org/a:b@c").empty());
}

TEST_CASE("settings: literals under telling names, defaults of look-ups, addresses") {
  CHECK(in_settings("EMAIL_HOST_PASSWORD = 'ohrhzwawgrabniql'\n") ==
        "email password@s/settings.py:1 ");
  CHECK(in_settings("DATABASES = {'default': {\n 'USER': 'ann',\n 'PASSWORD': 'postgres'}}\n") ==
        "db password@s/settings.py:3 ");
  CHECK(in_settings("import os\nDB_PASSWORD = os.getenv('DB_PASSWORD', 'hunter2')\n") ==
        "db password@s/settings.py:2 ");
  CHECK(
      in_settings("import dj_database_url as d\nX = d.config(default='postgres://a:b7c@h/x')\n") ==
      "db password@s/settings.py:2 ");
  CHECK(in_settings("KEY = b'" + fernet + "'\n") == "encryption key@s/settings.py:1 ");
  CHECK(in_settings("SECRET_KEY = 'django-insecure-0123456789abcdef'\n").empty());
  CHECK(in_settings("import os\nEMAIL_HOST_PASSWORD = os.environ['P']\n").empty());
  CHECK(in_settings("EMAIL_HOST_PASSWORD = ''\nDB_PASSWORD = '<set me>'\n").empty());
  CHECK(in_settings("'''DATABASES = {'default': {'PASSWORD': 'old-one-1'}}'''\n").empty());
  CHECK(in_settings("PASSWORD_HASHERS = ['django.contrib.auth.hashers.MD5PasswordHasher']\n"
                    "LOGIN = {'PASSWORD_RESET_CONFIRM_URL': 'password/reset/{token}'}\n")
            .empty());
}

TEST_CASE("other modules: keys, connections and mail; not messages, labels, forms and tests") {
  CHECK(found({{"a/crypto.py", "from cryptography.fernet import Fernet\nf = Fernet(b'" + fernet +
                                   "')\n"}}) == "encryption key@a/crypto.py:2 ");
  CHECK(found({{"a/crypto.py", "def key():\n    master_password = 'SecureManager2024!'\n"}}) ==
        "encryption key@a/crypto.py:2 ");
  CHECK(found({{"a/db.py",
                "import psycopg2\nc = psycopg2.connect(user='a', password='hunter2')\n"}}) ==
        "db password@a/db.py:2 ");
  CHECK(found({{"a/mail.py", "s.login('me@example.org', 'vwfkejkyxvgyshuq')\n"}}) ==
        "email password@a/mail.py:1 ");
  CHECK(found({{"a/forms.py",
                "labels = {'password': 'Passwort', 'token': 'Zugangs-Token'}\n"
                "password = 'Check at least one option!'\n"
                "e.decrypted_password = 'could-not-decrypt'\n"}})
            .empty());
  CHECK(found({{"a/views.py", "r.set_cookie(key='session_token', value=t)\n"}}).empty());
  CHECK(found({{"a/tests.py", "DB_PASSWORD = 'hunter2hunter2'\n"},
               {"a/tests/test_x.py", "API_KEY = 'abcDEF1234567890'\n"}})
            .empty());
}

TEST_CASE("a development module beside one for production may hold what is for development") {
  const std::string manage = manage_py("s.settings.local");
  const std::string wsgi = manage_py("s.settings.production");
  CHECK(found({{"manage.py", manage},
               {"s/wsgi.py", wsgi},
               {"s/settings/__init__.py", ""},
               {"s/settings/local.py", "SECRET_KEY = 'x'\nDB_PASSWORD = 'postgres'\n"},
               {"s/settings/production.py", "import os\nSECRET_KEY = os.environ['S']\n"}})
            .empty());
}

TEST_CASE("environment files, compose files, container files") {
  CHECK(found({{".env", "# x\nDEBUG=1\nSECRET_KEY=0a1b2c3d4e5f6g7h8i9j\nDB_PASSWORD=hunter2\n"}}) ==
        ".env committed@.env:3 ");
  CHECK(found({{"front/.env", "BASE_URL=http://localhost:8000\n"}}).empty());
  CHECK(found({{".env", "ENCRYPTION_KEY=your_actual_key_here\nAWS_SECRET_ACCESS_KEY=\"\"\n"}})
            .empty());
  CHECK(found({{".env.example", "DB_PASSWORD=pass123\nSECRET_KEY=your-secret-key-here\n"}}) ==
        "db password@.env.example:1 ");
  CHECK(found({{"docker-compose.yml",
                "services:\n  db:\n    environment:\n      POSTGRES_PASSWORD: hunter2\n"
                "  web:\n    environment:\n      - DB_PASSWORD=hunter2\n      - PW=${PW}\n"}}) ==
        "db password@docker-compose.yml:4 ");
  CHECK(found({{"docker-compose.yml",
                "services:\n  db:\n    environment:\n      POSTGRES_PASSWORD: ${PASSWORD}\n"}})
            .empty());
  CHECK(found({{"Dockerfile", "FROM x\nENV DB_PASSWORD=hunter2 \\\n  A=b\n"}}) ==
        "db password@Dockerfile:2 ");
}

TEST_CASE("secrets that their form gives away, in documents and key files") {
  const std::string block = "-----BEGIN RSA PRIVATE KEY-----\n" + std::string(200, 'A') +
                            "\n-----END RSA PRIVATE KEY-----\n";
  CHECK(found({{"deploy/server.pem", block}}) == "private key@deploy/server.pem:1 ");
  CHECK(found({{"README.md", "-----BEGIN PRIVATE KEY-----\n...\n-----END PRIVATE KEY-----\n"}})
            .empty());
  CHECK(
      found({{"notes.md", "log\nSECRET_KEY = \"8iy)n_g-%4lf7cmr#p-$886cg)a8xm(2!mj=m)cm#\"\n"}}) ==
      "django secret key@notes.md:2 ");
  CHECK(found({{"README.md", "SECRET_KEY=your-secret-key-that-is-long-enough-0123456789\n"}})
            .empty());
  CHECK(found({{"a/x.py", "aws = 'AKIA" + std::string("IOSFODNN7ABCDEFG") + "'\n"}}) ==
        "api key@a/x.py:1 ");
}

TEST_CASE("thousands of secrets and a huge environment file end") {
  std::string lines;
  for (int i = 0; i < 5'000; ++i) {
    lines += "DB_PASSWORD_" + std::to_string(i) + "_PASSWORD = 'hunter" + std::to_string(i) + "'\n";
  }
  const auto project = model(files_of({{"a/x.py", lines}, {".env", lines}}));
  CHECK(project.committed_secrets.size() <= 201);
}
