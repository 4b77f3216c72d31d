#include "grader/project/distributions.hpp"

#include <doctest/doctest.h>

using namespace grader::project;

TEST_CASE("imports are found in the table, other names are not guessed") {
  CHECK(distribution_of("rest_framework") == "djangorestframework");
  CHECK(distribution_of("Crypto") == "pycryptodome");
  CHECK(distribution_of("pkg_resources") == "setuptools<81");
  CHECK(distribution_of("crypto").empty());
  CHECK(distribution_of("some_private_package").empty());
}

TEST_CASE("names are normalised as indexes do") {
  CHECK(normalised_name("Django_Extensions[x]<2") == "django-extensions");
  CHECK(normalised_name("zope.interface == 5") == "zope-interface");
  CHECK(normalised_name("a--_.b") == "a-b");
  CHECK(normalised_name("-e .").size() <= 1);
  CHECK(normalised_name("").empty());
}
