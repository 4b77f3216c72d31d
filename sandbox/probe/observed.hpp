#pragma once

#include <array>
#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "grader/base/location.hpp"

namespace grader::sandbox {

/// A request and its answer as a report may show them: random values are placeholders («secret-1»),
/// tokens and cookies are left out. The texts are the candidate's: hostile.
struct Exchange {
  std::string who;     ///< owner, other, nobody
  std::string method;  ///< "GET"
  std::string path;
  std::string sent;    ///< "title=«title-1», …", empty without a body
  int status = 0;      ///< 0: no answer
  std::string answer;  ///< what shows it: a line of the answer around what was found
  std::string effect;  ///< "row of vault_entry deleted", empty where no row changed
};

/// What one who asked got or did.
enum class Got {
  untried,  ///< not asked
  nothing,  ///< refused, or an answer without the entry, and no row of it changed
  error,    ///< a server error or no answer
  page,     ///< an answer with status 200 that holds nothing of the entry
  title,    ///< the entry's title, not its secret
  secret,   ///< the entry's secret
  changed,  ///< its row changed
  deleted,  ///< its row is gone
  created,  ///< a row was added
};

/// One request of the same kind by the three who may ask, each from the same state.
struct RouteTrial {
  std::string route;    ///< "vault/<int:pk>/delete/"
  std::string view;     ///< "vault.views.entry_delete"; a hint
  Location at;          ///< of its definition; a hint
  std::string method;   ///< "POST"
  std::string purpose;  ///< read, change, delete, create: by what the owner's request did
  Got owner = Got::untried;
  Got other = Got::untried;
  Got nobody = Got::untried;
  /// Seen again with other random values; without it a breach is no proof.
  bool other_confirmed = false;
  bool nobody_confirmed = false;
  bool changes_on_get = false;      ///< proven: the owner's GET changed, deleted or added a row
  bool without_token = false;       ///< proven: it did so by cookie, without a CSRF token
  std::vector<Exchange> exchanges;  ///< the owner's first

  /// True where the owner's own request worked: without it nothing is said of others.
  bool controlled() const { return owner >= Got::title; }
};

/// Where what the owner typed was found afterwards.
struct Trace {
  std::string place;  ///< table, file, session, log
  std::string where;  ///< "accounts_entry.password", "debug.log"
  std::string how;    ///< "as typed", "base64", "hex > reversed"
};

/// How the secret is at rest, from the rows that the reader saw.
struct AtRest {
  /// plaintext, encoding, toy_cipher, hash_only, weak_crypto, sound; empty where it is not decided.
  std::string kind;
  std::string why;     ///< plain words: what shows it, or why it is not decided
  std::string column;  ///< "accounts_entry.password"
  std::vector<Trace> trail;
  bool confirmed = false;  ///< seen again with other random values
};

/// How two users were got.
struct Accounts {
  std::string registered;          ///< form, api, database; empty: not at all
  std::string signed_in;           ///< form, api, token, session; empty: not at all
  std::string entry;               ///< form, api, database; empty: none
  std::vector<std::string> notes;  ///< what did not work, plain words
};

/// Something else that was proven.
struct Remark {
  std::string what;  ///< markup_stored, markup_reflected, server_error, session_survives, …
  std::string text;  ///< one sentence
  std::string view;  ///< a hint, or empty
  Location at;       ///< a hint, or empty
  bool confirmed = false;
  std::vector<Exchange> exchanges;
};

/// What a meeting with the running application showed. It rests on what the prober was answered
/// and on rows that the reader saw, never on what the candidate's process says of itself.
struct Probe {
  /// Why nothing, or not everything, could be looked at; empty where all was.
  std::string problem;
  /// True: `problem` is ours.
  bool by_us = false;
  Accounts accounts;
  AtRest at_rest;
  std::vector<RouteTrial> trials;
  std::vector<Remark> remarks;
  int requests = 0;
  std::chrono::milliseconds duration{0};
  std::string raw;  ///< all exchanges as they were, JSON; not for reports
};

/// "secret", "deleted", …: as reports write it.
constexpr std::string_view name(Got got) {
  constexpr std::array<std::string_view, 9> names = {
      "untried", "nothing", "error", "page", "title", "secret", "changed", "deleted", "created"};
  return names[static_cast<std::size_t>(got)];
}

/// The one of this name; `untried` for other words.
Got got_of(std::string_view name);

}  // namespace grader::sandbox
