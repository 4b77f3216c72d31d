#pragma once

#include <string>
#include <string_view>

#include "grader/dossier/dossier.hpp"

namespace grader::report {

/// A fixed text of the dossier and of the pages for one audience ("junior" → "A junior would say"),
/// in "en" or "ru". The key itself where there is no such text, which a test rules out.
std::string_view label(std::string_view key, const std::string& language);

/// Where to look before a question is asked: "vault/views.py:12", or "commit 0a1b2c3d4e".
std::string place_of(const dossier::Asked& asked);

/// "90 minutes", "90 минут".
std::string minutes_in_words(int minutes, const std::string& language);

}  // namespace grader::report
