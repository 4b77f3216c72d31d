#pragma once

#include <string>
#include <string_view>

namespace grader::project {

/// What pip installs the top-level package `import_name` by, perhaps with an extra or a bound
/// ("phonenumbers[…]", "setuptools<81"): from a curated table, empty for names that it does not
/// hold.
std::string_view distribution_of(std::string_view import_name);

/// The name alone, normalised: "Django_Extensions[x]<2" → "django-extensions" (PEP 503).
std::string normalised_name(std::string_view requirement);

}  // namespace grader::project
