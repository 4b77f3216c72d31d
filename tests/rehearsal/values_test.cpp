#include "sandbox/rehearsal/values.hpp"

#include <doctest/doctest.h>

using namespace grader::sandbox;

namespace {

StandIn of(std::string name, std::string cast = "", std::string setting = "") {
  PlannedVariable variable;
  variable.name = std::move(name);
  variable.cast = std::move(cast);
  variable.setting = std::move(setting);
  return stand_in(variable);
}

}  // namespace

TEST_CASE("the use decides before the name, the name by whole words") {
  CHECK(of("EMAIL_PORT", "int").value == "587");
  CHECK(of("SECRET_TIMEOUT", "int").value == "3600");
  CHECK(of("DEBUG").value == "True");
  CHECK(of("USE_TLS", "bool").value == "False");
  CHECK(of("HOSTS", "list").shape == "list");
  CHECK(of("X", "", "ALLOWED_HOSTS").shape == "list");
  CHECK(of("X", "", "SECRET_KEY").shape == "key");
  CHECK(of("DATABASE_URL").shape == "database address");
  CHECK(of("DB_NAME").shape == "database name");
  CHECK(of("DB_HOST").value == "localhost");
  CHECK(of("DB_PORT").value == "5432");
  CHECK(of("DB_PASSWORD").shape == "text");
  CHECK(of("DB_ENGINE").value == "django.db.backends.sqlite3");
  CHECK(of("APPENGINE_URL").shape == "address");
  CHECK(of("EMAIL_BACKEND").shape == "dotted name");
  CHECK(of("EMAIL_HOST_USER").shape == "mail address");
  CHECK(of("ACCESS_TOKEN_LIFETIME", "int").shape == "number");
  CHECK(of("APP_URL", "bool").shape == "address");
  CHECK(of("APP_URL", "bool", "ALLOWED_HOSTS").shape == "address");
  CHECK(of("PGHOST").value == "localhost");
  CHECK(of("PGPORT").value == "5432");
  CHECK(of("EMAIL_HOST_PASSWORD").shape == "text");
  CHECK(of("KEY1_PASS").shape == "key");
  CHECK(of("SOMETHING").value == "rehearsal");
}

TEST_CASE("a key is a Fernet key, equal on every run and different for every name") {
  const std::string key = of("ENCRYPTION_KEY").value;
  CHECK(key.size() == 44);
  CHECK(key.back() == '=');
  CHECK(
      key.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_=") ==
      std::string::npos);
  CHECK(of("ENCRYPTION_KEY").value == key);
  CHECK(of("OTHER_KEY").value != key);
}

TEST_CASE("names that steer the interpreter are never supplied") {
  for (const char* name : {"PATH", "PYTHONPATH", "PYTHONSTARTUP", "LD_PRELOAD", "HOME",
                           "DJANGO_SETTINGS_MODULE", "GRADER_SETTINGS", "", "A=B"}) {
    CHECK_FALSE(may_be_supplied(name));
  }
  CHECK(may_be_supplied("SECRET_KEY"));
}
