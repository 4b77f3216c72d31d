#pragma once
// Private to grader/project: words of READMEs in the languages that candidates write.

#include <string>
#include <string_view>

namespace grader::project {

/// Lower case, for Latin letters with accents and Cyrillic ones too.
std::string lower_utf8(std::string_view text);

/// True for a heading over what the application cannot do (lower case).
bool heads_limitations(std::string_view heading);

/// True for a heading over what is only planned (lower case).
bool heads_plans(std::string_view heading);

/// True where a sentence says that something does not work or is not done (lower case).
bool states_limitation(std::string_view sentence);

/// True where a sentence names a cipher, a mode, a key derivation or how the key is kept (lower
/// case): more than the word «encrypted».
bool describes_encryption(std::string_view sentence);

/// True where a sentence speaks of encrypting or hashing at all (lower case).
bool mentions_encryption(std::string_view sentence);

/// True for a line that installs or starts something: pip install, manage.py migrate, docker
/// compose up…
bool is_setup_command(std::string_view line);

/// True if most known words of a text are English; also where it has none.
bool is_english(std::string_view text);

}  // namespace grader::project
