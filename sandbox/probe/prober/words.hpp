#pragma once
// What names and captions mean, in English, Russian, French, Spanish, Portuguese, German and Uzbek.

#include <string>
#include <string_view>

namespace grader::sandbox::prober {

/// ASCII letters in lower case; others as they are.
std::string lower(std::string_view text);

/// What a name of a field or of a column says it holds.
bool means_secret(std::string_view name);
bool means_title(std::string_view name);
bool means_user(std::string_view name);
bool means_owner(std::string_view name);   ///< user, owner, author, created_by…
bool means_people(std::string_view name);  ///< shared_with, members…: never filled
bool means_mail(std::string_view name);
bool means_web(std::string_view name);
bool means_note(std::string_view name);
bool means_code(std::string_view name);    ///< a one-time code
bool means_master(std::string_view name);  ///< one's own password, asked again

/// Names with a word for secrets in them that hold none: password_length, password_name.
bool describes_secret(std::string_view name);

/// What an address, a view or a button is for.
bool means_registration(std::string_view text);
bool means_login(std::string_view text);
bool means_logout(std::string_view text);
bool means_creation(std::string_view text);
bool means_removal(std::string_view text);
bool means_reset(std::string_view text);

/// A table that keeps accounts, traces or one-time codes rather than entries.
bool means_side_table(std::string_view name);

}  // namespace grader::sandbox::prober
