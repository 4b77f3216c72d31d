// Names in several languages.
#include "sandbox/probe/prober/words.hpp"

#include <doctest/doctest.h>

using namespace grader::sandbox::prober;

TEST_CASE("secrets are told from what only describes them") {
  for (const char* name : {"password", "mot_de_passe", "contrasena", "senha", "parol", "пароль",
                           "pw", "encrypted_value", "Kennwort"})
    CHECK(means_secret(name));
  CHECK_FALSE(means_secret("csrfmiddlewaretoken"));
  CHECK_FALSE(means_secret("title"));
  CHECK(describes_secret("password_length"));
  CHECK(describes_secret("password_name"));
  CHECK_FALSE(describes_secret("password"));
  CHECK(means_master("old_password"));
  CHECK(means_master("master_password"));
}

TEST_CASE("fields that name other people are known") {
  CHECK(means_people("shared_with"));
  CHECK(means_people("members"));
  CHECK_FALSE(means_people("username"));
}

TEST_CASE("addresses and buttons are told apart") {
  CHECK(means_registration("/accounts/inscription/"));
  CHECK(means_registration("Зарегистрироваться: регистрация"));
  CHECK(means_login("/iniciar-sesion"));
  CHECK(means_logout("/cerrar-sesion"));
  CHECK(means_removal("/entries/3/eliminar"));
  CHECK_FALSE(means_removal("/entries/3/"));
}
